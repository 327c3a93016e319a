"""``python -m harness.pages``: writes every page of ``docs/`` anew."""

from harness.pages.render import FOLDER, PAGES, text

if __name__ == "__main__":
    for name in PAGES:
        (FOLDER / name).write_text(text(name), encoding="utf-8")
