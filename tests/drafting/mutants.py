"""Quotes that are nearly those of a slide: the measure of the check word for word."""

from __future__ import annotations

import random

from coursec.drafting.drafts import Quote
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.grounding import stands_in
from coursec.model.quiz import Lecture, Slide
from drafting.slides import many_facts


def chunks() -> list[Chunk]:
    """Slides that say different things."""
    text = many_facts(60)
    slides = []
    for part in text.split("\n## ")[1:]:
        head, _, body = part.partition("\n")
        name = head.rpartition("#")[2].rstrip("}")
        slides.append(Slide(id=name, title=head.partition(" {")[0], text=body.strip()))
    return chunks_of([Lecture(name="crafts", title="Crafts", slides=tuple(slides))])


def quotes(found: list[Chunk]) -> list[Quote]:
    """True quotes of slides: their longer lines."""
    return [
        Quote(chunk.reference, chunk.digest, line.strip())
        for chunk in found
        for line in chunk.text.split("\n")
        if len(line) > 30
    ]


def mutated(text: str, chance: random.Random) -> str:
    """Change one word, letter, sign, order or number of a text; what comes out is another text."""
    words = text.split()
    at = chance.randrange(len(words))
    kind = chance.randrange(7)
    if kind == 0:
        words[at] = chance.choice(["lantern", "never", "most", "13", "WordPiece"])
    elif kind == 1:
        del words[at]
    elif kind == 2:
        words.insert(at, chance.choice(["not", "only", "the", "all"]))
    elif kind == 3 and len(words) > 1:
        other = (at + 1) % len(words)
        words[at], words[other] = words[other], words[at]
    elif kind == 4:
        letter = chance.randrange(len(words[at]))
        words[at] = words[at][:letter] + chance.choice("qxz7") + words[at][letter + 1 :]
    elif kind == 5:
        words[at] = words[at].swapcase()
    else:
        cut = " ".join(words)
        return cut[1:] if cut[:2].isalnum() else f"{cut}s"
    return " ".join(words)


def tried(count: int) -> tuple[int, int]:
    """Return how many mutants of quotes were tried, and how many passed for a quote."""
    found = chunks()
    true = quotes(found)
    wholes = [" ".join(f"{c.title} {c.text}".split()) for c in found]
    chance = random.Random(6)
    tried_ = accepted = 0
    while tried_ < count:
        quote = chance.choice(true)
        text = mutated(quote.text, chance)
        if text == quote.text or any(f" {text} " in f" {whole} " for whole in wholes):
            continue
        tried_ += 1
        accepted += stands_in(Quote(quote.slide, quote.digest, text), found)
    return tried_, accepted
