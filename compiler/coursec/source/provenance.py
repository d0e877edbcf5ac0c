"""An item's provenance: from its node, and to fields that are read as the same."""

from __future__ import annotations

from typing import Any

from coursec.model.provenance import Evidence, ModelUsed, Provenance, Review
from coursec.source.fields import Fields
from coursec.source.layout import Prose, Short, Value
from coursec.source.nodes import Mapping, Scalar


def read_provenance(fields: Fields) -> Provenance | None:
    """Return an item's provenance; None where it has none, or none of it can be used."""
    inner = _inner(fields, "provenance")
    if inner is None:
        return None
    evidence = [
        _evidence(inner.within(entry))
        for entry in inner.entries("evidence")
        if isinstance(entry, Mapping)
    ]
    return Provenance(
        drafter=inner.word("drafter"),
        evidence=tuple(found for found in evidence if found is not None),
        model=_model(_inner(inner, "model")),
        drafted=inner.word("drafted"),
        review=_review(_inner(inner, "review")),
    )


def _inner(fields: Fields, key: str) -> Fields | None:
    node = fields.get(key)
    return fields.within(node) if isinstance(node, Mapping) else None


def _evidence(fields: Fields) -> Evidence | None:
    slide, digest = fields.word("slide"), fields.word("digest")
    if slide is None or digest is None:
        return None
    quote = fields.plain("quote") or ""
    return Evidence(slide=slide, digest=digest, quote=quote, span=fields.span("slide"))


def _model(fields: Fields | None) -> ModelUsed | None:
    name = fields.plain("name") if fields else None
    if fields is None or name is None:
        return None
    options = _inner(fields, "options")
    return ModelUsed(
        name=name,
        digest=fields.plain("digest"),
        options=tuple(
            (key, node.value)
            for key, node in (options.node.entries.items() if options else ())
            if isinstance(node, Scalar)
        ),
        prompt=fields.plain("prompt"),
    )


def _review(fields: Fields | None) -> Review | None:
    if fields is None:
        return None
    decision: Any = fields.word("decision")
    by, at = fields.plain("by"), fields.word("at")
    if decision is None or by is None or at is None:
        return None
    return Review(decision=decision, by=by, at=at, reason=fields.plain("reason"))


def provenance_fields(provenance: Provenance) -> dict[str, Value]:
    """Return a provenance as fields of YAML."""
    out: dict[str, Value] = {}
    if provenance.drafter:
        out["drafter"] = Prose(provenance.drafter)
    if provenance.evidence:
        out["evidence"] = [_evidence_fields(evidence) for evidence in provenance.evidence]
    if provenance.model:
        out["model"] = _model_fields(provenance.model)
    if provenance.drafted:
        out["drafted"] = Prose(provenance.drafted)
    if provenance.review:
        out["review"] = review_fields(provenance.review)
    return out


def _evidence_fields(evidence: Evidence) -> dict[str, Value]:
    out: dict[str, Value] = {
        "slide": Prose(evidence.slide, strict=True),
        "digest": Prose(evidence.digest, strict=True),
    }
    if evidence.quote:
        out["quote"] = Prose(evidence.quote)
    return out


def _model_fields(model: ModelUsed) -> dict[str, Value]:
    out: dict[str, Value] = {"name": Prose(model.name, strict=True)}
    if model.digest is not None:
        out["digest"] = Prose(model.digest, strict=True)
    if model.options:
        out["options"] = Short({key: Prose(value) for key, value in model.options})
    if model.prompt is not None:
        out["prompt"] = Prose(model.prompt, strict=True)
    return out


def review_fields(review: Review) -> dict[str, Value]:
    """Return a decision as fields of YAML."""
    out: dict[str, Value] = {
        "decision": review.decision,
        "by": Prose(review.by, strict=True),
        "at": Prose(review.at, strict=True),
    }
    if review.reason is not None:
        out["reason"] = Prose(review.reason, strict=True)
    return out
