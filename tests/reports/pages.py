"""A page read as a browser would: elements with attributes, and the text in them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "input", "br", "link", "img", "hr"}


@dataclass(slots=True)
class Element:
    """One element."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    """Everything in it, its children's text included."""


@dataclass(slots=True)
class Page:
    """Every element of a page, in order."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag with these attributes, ``data_x`` for ``data-x``."""
        wanted = {name.replace("_", "-"): text for name, text in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]


def parsed(text: str) -> Page:
    """The page. Raises ``AssertionError`` where elements do not nest."""
    page, open_ones = Page(), list[Element]()

    class Reader(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            names = [name for name, _ in attrs]
            assert len(set(names)) == len(names), (tag, names)
            element = Element(tag, {name: value or "" for name, value in attrs})
            page.elements.append(element)
            if tag not in _VOID:
                open_ones.append(element)

        def handle_startendtag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            page.elements.append(Element(tag, {name: one or "" for name, one in attrs}))

        def handle_endtag(self, tag: str) -> None:
            assert open_ones.pop().tag == tag, (tag, self.getpos())

        def handle_data(self, data: str) -> None:
            for element in open_ones:
                element.text += data

    reader = Reader(convert_charrefs=True)
    reader.feed(text)
    reader.close()
    assert not open_ones
    return page
