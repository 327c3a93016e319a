"""The report as JSON: one document, of the form in ``reports/schema/``."""

import json
from importlib.resources import files
from typing import Any, Final

from reports.opening import opening
from reports.report import Report
from reports.standing import State
from reports.told import Told

VERSION: Final = 1
"""Of the document's form."""


def render(report: Report) -> str:
    """The document, indented, ending in a newline."""
    return json.dumps(document(report), indent=1) + "\n"


def schema(name: str = "report") -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document, or with ``findings`` that of a
    line of ``findings.jsonl``."""
    text = files("reports").joinpath("schema", f"{name}.schema.json").read_text("utf-8")
    form: dict[str, Any] = json.loads(text)
    return form


def document(report: Report) -> dict[str, Any]:
    """The document as plain JSON data."""
    changes = report.changes
    return {
        "version": VERSION,
        "tool": report.tool,
        "started": report.started,
        "elapsed_s": report.elapsed_s,
        "seed": report.seed,
        "repeat": report.repeat,
        "status": report.status,
        "reasons": list(report.reasons),
        "answers": [
            {"question": said.question, "answer": list(said.sentences)}
            for said in opening(report)
        ],
        "targets": [
            {
                "id": subject.id,
                "python": subject.python,
                "openssl": subject.openssl,
                "platform": subject.platform,
                "engine": subject.engine,
                "module": subject.module,
                "release": subject.release,
                "answer": subject.answer.value,
                "findings": subject.findings,
                "worst": subject.worst or None,
                "known": subject.known,
                "states": {state.value: subject.states[state] for state in State},
                "cases": subject.cases,
                "verdicts": subject.verdicts,
                "why": subject.why,
            }
            for subject in report.subjects
        ],
        "checks": [
            {
                "id": check.id,
                "group": check.group,
                "text": check.text,
                "address": check.address,
            }
            for check in report.matrix.checks
        ],
        "cells": [
            {
                "check": check.id,
                "target": target,
                "state": cell.state.value,
                "count": cell.count,
                "notes": list(cell.notes),
            }
            for check in report.matrix.checks
            for target in report.matrix.targets
            for cell in [report.matrix.cell(check.id, target)]
        ],
        "findings": [_finding(told) for told in report.findings],
        "known": [
            {
                "id": entry.id,
                "severity": entry.severity,
                "what": entry.what,
                "how": entry.how,
                "thread": entry.thread,
                "releases": entry.releases,
                "checks": list(entry.checks),
                "rows": entry.rows,
                "since": entry.since or None,
            }
            for entry in report.known
        ],
        "pairs": [
            {
                "flags": list(pair),
                "rows": report.interactions.asked[pair],
                "findings": len(report.interactions.found.get(pair, ())),
            }
            for _, pairs in report.interactions.rows()
            for pair in pairs
        ],
        "unseen": {
            "undecided": [
                {"target": target, "check": check, "missing": list(notes)}
                for target, check, notes in report.unseen.undecided
            ],
            "skipped": [
                {"cause": skip.cause, "rows": skip.rows, "targets": list(skip.targets)}
                for skip in report.unseen.skips
            ],
            "unfelt": {key: list(names) for key, names in report.unseen.unfelt.items()},
            "faults": list(report.unseen.faults),
        },
        "changes": {
            "before": changes.before,
            "compared": list(changes.compared),
            "new": _pairs("signature", changes.new),
            "gone": _pairs("signature", changes.gone),
            "met": _pairs("entry", changes.met),
            "no_longer_met": _pairs("entry", changes.no_longer_met),
            "libraries": [
                {"target": target, "before": then, "now": now}
                for target, then, now in changes.libraries
            ],
            "felt": [
                {"behaviour": name, "openssl": openssl}
                for name, openssl in changes.felt
            ],
            "trend": [
                {
                    "started": point.started,
                    "status": point.status,
                    "verdicts": point.verdicts,
                    "targets": point.targets,
                    "findings": point.severities,
                    "known": point.known,
                    "untried": point.untried,
                }
                for point in changes.trend
            ],
        },
    }


def _finding(told: Told) -> dict[str, Any]:
    return {
        "signature": told.signature,
        "severity": told.severity,
        "headline": told.headline,
        "as_if": told.as_if,
        "check": told.check,
        "promise": told.promise,
        "address": told.address,
        "targets": told.shown,
        "flags": list(told.flags),
        "asked": told.asked,
        "case": told.case,
        "expected": told.expected,
        "observed": told.observed,
        "rule": told.rule,
        "since": told.since or None,
        "first_affected": told.first_affected or None,
        "openssl_verify": told.openssl or None,
        "reproducer": None if told.script is None else told.script.path,
    }


def _pairs(word: str, pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"target": target, word: name} for target, name in pairs]
