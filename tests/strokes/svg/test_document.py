"""XML that loads, and XML that is refused."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from limner.errors import DataError
from limner.strokes.svg import document
from limner.strokes.svg.document import parse_document

if TYPE_CHECKING:
    from pathlib import Path

BODY = '<svg xmlns="http://www.w3.org/2000/svg"><title>{}</title></svg>'
PLAIN = BODY.format("cat")
ILLUSTRATOR = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 16.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
	<!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
	<!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">
	<!ENTITY ns_svg "http://www.w3.org/2000/svg">
	<!ENTITY ns_xlink "http://www.w3.org/1999/xlink">
]>
<svg version="1.1" xmlns:x="&ns_extend;" xmlns:i="&ns_ai;" xmlns="&ns_svg;" xmlns:xlink="&ns_xlink;">
<switch><g i:extraneous="self"><path d="M0,0L1,1"/></g></switch></svg>"""
KANJIVG = """<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN"
 "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd" [
<!ATTLIST g xmlns:kvg CDATA #FIXED "http://kanjivg.tagaini.net" kvg:element CDATA #IMPLIED fill CDATA "red">
]>
<svg xmlns="http://www.w3.org/2000/svg"><g id="a" kvg:element="x"/></svg>"""


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + PLAIN,
        ('<?xml version="1.0" encoding="windows-1252"?>' + PLAIN).encode("cp1252"),
        "<svg><title>cat</title></svg>",
        '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:title>cat</s:title></s:svg>',
        '<!DOCTYPE svg [<!ENTITY c "cat">]>' + BODY.format("&c;"),
        '<!DOCTYPE svg SYSTEM "about:nothing">' + PLAIN,
    ],
)
def test_what_loads(text: str | bytes) -> None:
    root = parse_document(text, "a.svg")
    assert (root.tag, root.findtext("title")) == ("svg", "cat")


def test_accents_survive_their_encoding() -> None:
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?>' + BODY.format("café")
    for text in (latin, latin.encode("latin1"), BODY.format("café").encode()):
        assert parse_document(text, "a.svg").findtext("title") == "café"


def test_entities_as_namespaces() -> None:
    path = parse_document(ILLUSTRATOR, "a.svg").find("switch/g/path")
    assert path is not None
    assert path.attrib == {"d": "M0,0L1,1"}


def test_declared_attributes_are_known_but_not_filled_in() -> None:
    group = parse_document(KANJIVG, "a.svg").find("g")
    assert group is not None
    assert group.attrib == {"id": "a", "{http://kanjivg.tagaini.net}element": "x"}


def test_other_namespaces_keep_their_names() -> None:
    root = parse_document('<svg xmlns="http://www.w3.org/2000/svg"><g xmlns="urn:x"/></svg>', "a.svg")
    assert [child.tag for child in root] == ["{urn:x}g"]


def bomb(levels: int) -> str:
    entities = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(levels))
    return f'<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]>' + BODY.format(f"&e{levels};")


@pytest.mark.parametrize(
    "text",
    [
        bomb(1),
        bomb(12),
        f'<!DOCTYPE svg [<!ENTITY long "{"ha" * 100_000}">]>' + BODY.format("&long;" * 100_000),
        '<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + BODY.format("&a;"),
    ],
)
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"a\.svg declares an entity .* that swells"):
        parse_document(text, "a.svg")


@pytest.mark.parametrize("keyword", ["", "% "])
def test_external_entities_are_refused(keyword: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell")
    for address in (secret.as_uri(), str(secret), "http://127.0.0.1:9/x"):
        text = f'<!DOCTYPE svg [<!ENTITY {keyword}x SYSTEM "{address}">]>' + BODY.format("&x;")
        with pytest.raises(DataError, match=r"a\.svg names something outside itself") as caught:
            parse_document(text, "a.svg")
        assert "do not tell" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        b"",
        "no xml",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        PLAIN[:-3],
        PLAIN + PLAIN,
        BODY.format("&undeclared;"),
        '<svg xmlns="http://www.w3.org/2000/svg"><a:g></svg>',
        b'<?xml version="1.0" encoding="klingon"?>' + PLAIN.encode(),
        ('<?xml version="1.0" encoding="shift_jis"?>' + PLAIN).encode(),
        BODY.format("\x00"),
        "\ud800",
    ],
)
def test_damaged_text_is_refused(text: str | bytes) -> None:
    with pytest.raises(DataError, match=r"^a\.svg is damaged or no SVG: .*\.$"):
        parse_document(text, "a.svg")


@pytest.mark.parametrize(
    "text", ["<html/>", '<svg xmlns="urn:other"/>', '<g xmlns="http://www.w3.org/2000/svg"/>']
)
def test_other_xml_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"^a\.svg is XML, but not SVG: it begins with <\w+>\.$"):
        parse_document(text, "a.svg")


def test_depth_is_no_matter() -> None:
    deep = '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 20_000 + "</g>" * 20_000 + "</svg>"
    assert sum(1 for _ in parse_document(deep, "a.svg").iter("g")) == 20_000


def test_prefixes_need_not_be_declared() -> None:
    text = '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:use xlink:href="#a" ink:x="1"/></svg:svg>'
    (use,) = parse_document(text, "a.svg")
    assert use.tag == "use"
    assert use.attrib == {"{http://www.w3.org/1999/xlink}href": "#a", "{ink}x": "1"}


def test_packed_documents() -> None:
    packed = gzip.compress(PLAIN.encode())
    assert parse_document(packed, "a.svgz").tag == "svg"
    for damaged in (packed[:-9], packed[:20] + b"x" * 20):
        with pytest.raises(DataError, match=r"^a\.svgz is damaged: .*\.$"):
            parse_document(damaged, "a.svgz")


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 1000)
    for text in (BODY.format(" " * 1000), gzip.compress(BODY.format(" " * 5000).encode())):
        with pytest.raises(DataError, match=r"^a\.svg is too large"):
            parse_document(text, "a.svg")
    monkeypatch.undo()
    monkeypatch.setattr(document, "MAX_DEPTH", 5)
    monkeypatch.setattr(document, "MAX_ELEMENTS", 10)
    with pytest.raises(DataError, match=r"^a\.svg nests elements more than 5 deep\.$"):
        parse_document(BODY.format("<g>" * 9 + "</g>" * 9), "a.svg")
    with pytest.raises(DataError, match=r"^a\.svg has more than 10 elements\.$"):
        parse_document(BODY.format("<g/>" * 10), "a.svg")
