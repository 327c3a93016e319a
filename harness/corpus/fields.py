"""The fields of a JSON object of a suite, each checked for its kind as it is read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from harness.corpus.pem import PemError, PemItem, read_pem
from harness.corpus.suite import SuiteError


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and where it stands. Every reader raises ``SuiteError``.

    Fields named as optional may be absent or null; the others must be there.
    """

    form: Mapping[str, Any]
    path: Path
    case_id: str = ""

    def refuse(self, field: str, why: str, value: object = ...) -> NoReturn:
        """Raise ``SuiteError`` for this field."""
        raise SuiteError(
            why, path=self.path, case_id=self.case_id, field=field, value=value
        )

    def _get(self, field: str) -> Any:
        if field not in self.form:
            self.refuse(field, "the field is missing")
        return self.form[field]

    def text(self, field: str) -> str:
        """A text."""
        value = self._get(field)
        if not isinstance(value, str):
            self.refuse(field, "is not a text", value)
        return value

    def optional_text(self, field: str) -> str | None:
        """A text or None."""
        return None if self.form.get(field) is None else self.text(field)

    def one_of(self, field: str, words: Collection[str]) -> str:
        """A text that is one of the words."""
        value = self.text(field)
        if value not in words:
            self.refuse(field, f"is none of {', '.join(words)}", value)
        return value

    def optional_number(self, field: str, low: int, high: int) -> int | None:
        """A whole number within these bounds, or None."""
        value = self.form.get(field)
        if value is None:
            return None
        if type(value) is not int or not low <= value <= high:
            self.refuse(field, f"is not a whole number of {low} to {high}", value)
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(field)
        if not isinstance(value, list):
            self.refuse(field, "is not a list", value)
        for place, item in enumerate(value):
            if not isinstance(item, str):
                self.refuse(f"{field}[{place}]", "is not a text", item)
        return tuple(value)

    def optional_texts(self, field: str) -> tuple[str, ...]:
        """A list of texts, empty if the field is absent or null."""
        return () if self.form.get(field) is None else self.texts(field)

    def objects(self, field: str) -> tuple["Fields", ...]:
        """A list of objects."""
        value = self._get(field)
        if not isinstance(value, list):
            self.refuse(field, "is not a list", value)
        return tuple(
            self._object(f"{field}[{place}]", item) for place, item in enumerate(value)
        )

    def optional_objects(self, field: str) -> tuple["Fields", ...]:
        """A list of objects, empty if the field is absent or null."""
        return () if self.form.get(field) is None else self.objects(field)

    def optional_object(self, field: str) -> "Fields | None":
        """An object or None."""
        value = self.form.get(field)
        return None if value is None else self._object(field, value)

    def _object(self, field: str, value: object) -> "Fields":
        if not isinstance(value, Mapping):
            self.refuse(field, "is not an object", value)
        return Fields(value, self.path, self.case_id)

    def pems(self, field: str, text: str) -> tuple[PemItem, ...]:
        """The blocks of a PEM text that stands in this field, at least one."""
        try:
            return read_pem(text)
        except PemError as error:
            raise SuiteError(
                str(error),
                path=self.path,
                case_id=self.case_id,
                field=field,
                value=text,
            ) from error

    def pem(self, field: str, text: str, labels: Collection[str]) -> PemItem:
        """The one block of a PEM text, under one of these labels."""
        items = self.pems(field, text)
        if len(items) != 1:
            self.refuse(field, f"holds {len(items)} PEM blocks in place of one", text)
        if items[0].label not in labels:
            known = ", ".join(sorted(labels))
            self.refuse(field, f"{items[0].label!r} is none of {known}", text)
        return items[0]
