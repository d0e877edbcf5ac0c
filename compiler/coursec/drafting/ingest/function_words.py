"""Words that every English text has, so that no `into` is taken for `in to`.

They belong to the language, not to a subject: articles, pronouns, prepositions, conjunctions,
auxiliaries, and the commonest verbs and adverbs. A repair needs words of the course besides.
"""

ENGLISH = frozenset(
    """
a about above across after again against all almost along already also although always am among
an and another any anyone anything are around as at away back be became because become been before
being below best better between beyond both but by came can cannot come could did do does doing
done down during each either else enough even ever every everyone everything few find first for
from further gave get give given go goes going gone good got great had has have having he hence
her here him himself his how however i if in indeed inside instead into is it its itself just keep
kept know known large last later least left less let like little long look lot made make makes
making many may me might more moreover most much must my near need needs neither never new next no
nobody none nor not nothing now of off often on once one only onto or other others otherwise our
out outside over own part perhaps put rather same say second see seen set shall she should show
shown side since small so some something sometimes soon still such take taken takes tell than that
the their them then there therefore these they thing things think this those though three through
throughout thus to together too toward towards tries tried try trying turn two under unless until
up upon us use used uses using very want was way we well went were what whatever when whenever
where whereas wherever whether which while who whole whom whose why will with within without
would yes yet you your
""".split()
)

AFTER_I = frozenset("am can do have think want was will".split())
"""Words that follow `I`, from which an extraction often takes the blank."""
