"""English word lists of the item-writing rules, and how a word is brought to its stem."""

from __future__ import annotations

from functools import lru_cache


def either(phrases: str) -> str:
    """Return a pattern for any of the patterns on the lines of a text, or between its bars."""
    lines = (line.strip() for line in phrases.strip().splitlines())
    return "(?:" + "|".join(lines) + ")"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION = _words(
    """
    a an the this that these those such some any each every either neither no all both half
    several many much more most few fewer less least other another same own one ones two three
    four five six seven eight nine ten first second third last next
    i me my we us our you your he him his she her hers it its they them their theirs who whom
    whose which what when where why how whether if unless until while whereas because since
    although though as than so then thus therefore hence however and or nor but not yet only also
    too very just even still again ever never always often usually sometimes
    of in on at by for with without within into onto from to up down out off over under above
    below between among across through during before after about against toward towards upon per
    via along around near behind beside besides beyond except like unlike despite instead rather
    is are was were be been being am has have had having do does did doing done can could may
    might must shall should will would cannot can't don't doesn't isn't aren't won't wasn't
    weren't it's there here now once else otherwise together apart away back following given
    according because due etc eg ie vs
    """
)
"""Words that carry no matter."""

GENERAL = _words(
    """
    ability able above accept accord account accurate achieve act action active activity actual
    add addition advantage affect age agree aim allow alone alter alternative always amount
    analysis answer appear apply approach appropriate area argue argument arise arrange art
    article aspect assess assign assume assumption attempt author average avoid base basic basis
    become begin behavior behaviour being belief believe belong benefit best better big body
    book bring build call carry case category cause cell center central centre certain chance
    change chapter character characteristic check choice choose circumstance city claim class
    classify clear close code collect column combination combine come common community company
    compare comparison complete complex component compute concept concern conclude conclusion
    condition connect consequence consider consist constant contain content context continue
    contrast contribute control convert correct cost country course cover create current data
    date day deal decide decision decrease define definition degree depend derive describe
    description design determine develop development differ difference different difficult
    direct direction discuss disease distinguish distribution divide document earlier early easy
    effect effective element end enough ensure enter equal error essential establish estimate
    evaluate event evidence exact example exceed exist expect experience explain explanation
    express expression extent external fact factor fail fall false family feature field figure
    file fill find fit fix focus follow force form formal formula free frequent function
    fundamental further future gain general generate get give go goal good government great
    greater greatest group grow growth hand happen hard help high higher highest hold hour human
    idea identify illness image impact implement imply important improve include increase
    independent indicate individual influence inform information initial input inside instance
    integer intend interest internal interpret introduce involve item join judge keep key kind
    know knowledge lack language large larger largest late later law lead learn leave left
    length let letter level life likely limit line link list little local long longer look lose
    lot low lower lowest main maintain major make man manage manner mark material matter maximum
    mean meaning measure measurement member message method middle minimum minute model modern
    moment month move movement multiple name nation natural nature necessary need negative
    network new node normal note number object observe obtain occur offer old open operate
    operation opposite option order organization organize original outcome output outside pair
    paper parameter part participant particular party pass past path patient pattern pay people
    percent percentage perform performance period person phase phrase picture piece place plan
    play point policy position positive possible power practice predict present prevent previous
    price primary principle print prior problem procedure process produce product production
    program project proper property proportion propose prove provide public purpose put quality
    quantity question quick range rate ratio reach read reader real reason receive recent reduce
    reduction refer region relate relation relationship relative relevant remain remove repeat
    replace report represent request require requirement research resource respect respond
    response responsible rest result return right rise role row rule run sample say scale school
    science scientist score section see seek select sense sentence separate sequence series
    serve service set shape share short show side sign significant similar simple single
    situation size small smaller smallest social society solution solve source space special
    specific speed stage standard start state statement stay step stop store story strategy
    strength string strong structure student study subject success such suggest suit suitable
    sum support suppose sure surface symbol system table take task teacher team technique tell
    tend term test text theory thing think time title today top total trade train training treat
    treatment trend true try turn type typical unique unit use useful user usual value variable
    various vary version view visit want war water way weak week whole wide woman word work
    worker world write writer wrong year young
    """
)
"""General and school words: their return in a choice tells a student nothing."""

NEGATIVE = _words(
    "not never cannot no none neither nor nothing nobody except without unless hardly scarcely"
)
NEGATIVE_ADJECTIVES = _words(
    """
    impossible incorrect untrue unlikely uncommon unusual unable invalid insufficient inaccurate
    inappropriate unnecessary inconsistent incompatible ineffective unsuitable unacceptable illegal
    unrelated irrelevant unimportant undesirable unreasonable infrequent infrequently inadequate
    impermissible unlawful dissimilar insignificant irreversible invisible incomplete incapable
    imperfect illogical unfair unaffected unaware uninformed unsafe untouched unchanged unknown
    uncertain unclear untenable unjustified unusable undetectable
    """
)

ABSOLUTE = _words(
    """
    always never all only every none must nobody everybody everyone nothing everything entirely
    completely totally absolutely impossible invariably solely exclusively
    """
)
STRONG_ABSOLUTE = _words(
    "always never nobody everybody everyone absolutely impossible invariably totally completely"
)

HEDGE = _words(
    """
    usually often generally typically sometimes may might probably likely perhaps possibly tends
    tend mostly normally commonly frequently occasionally
    """
)
WEAK_HEDGE = _words("can could some partly partially relatively somewhat many most mainly largely")

VAGUE = _words("often usually frequently sometimes rarely seldom occasionally commonly regularly")

ASKING = _words(
    """
    choose select compute calculate name give find determine identify state write list complete
    fill estimate evaluate solve derive match order arrange enter type pick mark tick indicate
    explain describe define say tell express convert simplify translate classify put sort rank
    round report predict decide judge use label factor factorise factorize expand differentiate
    integrate prove show draw sketch outline summarise summarize provide specify answer check circle
    underline highlight cite count deduce conjugate balance assign categorise categorize group link
    connect pair drag place insert supply infer approximate reduce trace rewrite correct spell
    distinguish compare contrast discuss justify suggest recommend guess recall mention quote
    assess interpret model plot verify work apply
    """
)
"""Verbs that ask for something when a sentence begins with them."""

VERBS = _words(
    """
    is are was were be been has have had does do did can could will would may might must shall
    should cannot isn't aren't doesn't don't
    uses use used allows allow requires require required means mean refers refer describes describe
    consists consist contains contain produces produce causes cause caused makes make made leads
    lead led occurs occur occurred ends begins began begin results depends depend belongs belong
    stands represents represent increases increase decreases decrease provides provide shows show
    takes take took gives give gave becomes become became includes include holds hold held
    converts convert stores store returns return runs run adds add removes remove measures measure
    involves involve reduces reduce prevents prevent helps help needs need serves serve works work
    acts act forms form creates create created depicts follows follow precedes precede lies lie
    goes went arises arise comes came differs differ equals equal stops stop starts start falls
    fall rises rise grows grow changes change moves move keeps keep reads read writes wrote wants
    tends seems appears suggests implies explains defines indicates determines determine computes
    compute predicts predict learns learn trains freezes masks maps splits merges assigns applies
    ensures enables supports protects replaces receives sends transmits carries connects separates
    divides multiplies encodes decodes binds releases absorbs emits breaks dissolves reacts
    catalyses catalyzes synthesizes synthesises regulates controls affects influences lowers raises
    lasts won lost wrote published signed invented discovered founded introduced replaced adopted
    marks marked ended started led fell rose grew died born known called named found located
    states stated argues argued claims claimed believes held proposes proposed belonged
    """
)
"""Finite verbs and participles by which a phrase is known to be a sentence."""

FILLERS = _words(
    """
    ? ?? ??? xyz xxx xxxx abc foo bar baz foobar qux asdf asdfgh qwerty blah lorem dummy tbd todo
    n/a na - -- . .. … whatever idk dunno stuff banana bananas filler
    placeholder
    """
)
JOKES = _words(
    """
    unicorn unicorns wizard wizards wizardry leprechaun leprechauns elves elf goblin goblins
    gremlin gremlins dragon dragons pizza hogwarts gandalf batman superman spiderman spongebob
    pikachu pokemon santa aliens alien ufo zombie zombies ninja ninjas banana bananas magic
    magically fairy fairies dinosaur dinosaurs godzilla voldemort yoda vibes astrology horoscope
    bigfoot mermaid mermaids werewolf vampire vampires genie llama llamas hamster hamsters
    teletubbies barney grandma grandmother nap naps boredom chocolate cookies sandwich sandwiches
    """
)

OTHER_LANGUAGES = {
    name: _words(words)
    for name, words in {
        "Spanish": "el la los las de del que en un una es por con para se su lo como más cuál y",
        "French": "le la les des du un une est et que qui dans pour sur pas au aux ce cette par",
        "German": "der die das und ist ein eine den dem des von zu mit nicht auf welche wird sich",
        "Portuguese": "o os as de do da que em um uma é por com para não no na dos das qual",
        "Italian": "il lo la gli di del della che in un una è per con non sono nel quale dei delle",
        "Dutch": "de het een en van is dat niet in op te met voor zijn wordt welke aan bij worden",
        "Hungarian": "a az és hogy egy nem van melyik mi meg milyen mit lehet ez kell",
        "Polish": "w i na z do nie jest się że to co jak który która dla przez są",
        "Swedish": "och att det som en ett är på för med av den vilken inte till om vad har",
        "Danish": "og at det som en et er på for med af den ikke til hvad hvilken har",
        "Norwegian": "og at det som en et er på for med av den ikke til hva hvilken har",
        "Finnish": "ja on ei se mikä että tai ovat joka mitä kuin oli",
        "Czech": "a je v na se že to s z do ne který která pro jsou o",
        "Turkish": "ve bir bu için hangi ile olarak da de olan mi ne",
        "Romanian": "și de la în un o care este pe cu nu din sunt ce",
        "Indonesian": "yang dan di dari adalah untuk dengan ini itu pada tidak apa ke",
        "Catalan": "el la els les de del que en un una és per amb i no es com quin quina",
    }.items()
}
"""Small words of other languages, by which a text that is not English is known."""

TRANSLITERATIONS = {
    spelling: group.split()[0]
    for group in (
        "kyiv kiev|kharkiv kharkov|lviv lvov|odesa odessa|beijing peking|muhammad mohammed mohammad"
        "|quran koran qur'an|dostoevsky dostoyevsky dostoevskij|tolstoy tolstoi|chekhov tchekhov"
        "|khrushchev khruschev|gaddafi qaddafi|hanukkah chanukah|vygotsky vygotskij vygotski"
        "|chebyshev tchebycheff tchebychev|lyapunov liapunov|kolmogorov kolmogoroff|markov markoff"
        "|tchaikovsky chaikovsky tschaikowsky|mendeleev mendeleyev|romania rumania"
        "|genghis chinggis|zedong tse-tung|confucius kongzi|laozi lao-tzu|daoism taoism"
    ).split("|")
    for spelling in group.split()
}
"""Names that come from other scripts, by their spellings."""

JOKE_NAMES = _words(
    "hogwarts gandalf batman superman spiderman spongebob pikachu pokemon santa godzilla voldemort"
    " yoda bigfoot teletubbies barney"
)

_ENDINGS = (
    "izations isations ization isation ational ations ation ically icities icity ities ity iness "
    "nesses ness ements ement ments ment ivities ivity izing ising izers izer ized ised izes ises "
    "ize ise ating ators ator ated ates ate ially ally ably ibly fully lessly ingly edly ings ing "
    "ences ence ances ance ants ant ents ent able ible ives ive ions ion ical ics ic als al ous "
    "ies ied ers er ors or ed es ly ful s y e"
).split()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the part that the forms of a lower-case English word share, roughly."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ss"):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (4 if len(ending) > 2 else 3):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsze":
        word = word[:-1]
    return word.rstrip("i") if len(word) > 4 else word


def akin(one: str, other: str) -> bool:
    """Tell whether two stems share so long a beginning that one is heard in the other."""
    least, most = sorted((len(one), len(other)))
    if least < 6 or one[:6] != other[:6]:
        return False
    shared = next((n for n in range(6, least) if one[n] != other[n]), least)
    return shared == least or (shared >= 7 and shared >= 0.7 * most)


_ORDINARY = GENERAL | FUNCTION | VERBS | ASKING


@lru_cache(maxsize=65536)
def is_rare(word: str) -> bool:
    """Tell whether a lower-case word is a term: its return elsewhere would be noticed."""
    if len(word) < 4 or word[0].isdigit() or word in _ORDINARY:
        return False
    for ending, instead in _INFLECTIONS:
        if word.endswith(ending) and word[: -len(ending)] + instead in _ORDINARY:
            return False
    return True


_INFLECTIONS = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ied", "y"),
    ("ing", ""), ("ing", "e"), ("ings", ""), ("ers", ""), ("rs", ""), ("ly", ""),
    ("er", ""), ("r", ""), ("est", ""), ("ness", ""),
)  # fmt: skip


def is_content(word: str) -> bool:
    """Tell whether a lower-case word carries matter."""
    return word not in FUNCTION
