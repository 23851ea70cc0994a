"""Items and packages of QTI, as 1EdTech writes them, small."""

import io
import zipfile

NS2 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
NS3 = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"


def item2(body: str, *, declaration: str = "", template: str = MATCH, more: str = "", name: str = "i1") -> bytes:
    """An item of QTI 2.1."""
    rules = f'<responseProcessing template="{template}"/>' if template else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem {NS2} identifier="{name}" title="Item {name}" adaptive="false" timeDependent="false">
{declaration}
<itemBody>{body}</itemBody>{rules}{more}</assessmentItem>""".encode()


def declared(kind: str, base: str, *values: str, mapping: str = "") -> str:
    correct = "".join(f"<value>{value}</value>" for value in values)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{kind}" baseType="{base}">'
        f"<correctResponse>{correct}</correctResponse>{mapping}</responseDeclaration>"
    )


CHOICE2 = item2(
    '<p>Look.</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>Who?</prompt>'
    '<simpleChoice identifier="A">Ada<feedbackInline outcomeIdentifier="F" identifier="A">Yes!</feedbackInline></simpleChoice>'
    '<simpleChoice identifier="B">Bo</simpleChoice></choiceInteraction>',
    declaration=declared("single", "identifier", "A"),
)
MULTI2 = item2(
    '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>Which?</prompt>'
    '<simpleChoice identifier="H">H</simpleChoice><simpleChoice identifier="O">O</simpleChoice>'
    '<simpleChoice identifier="Cl">Cl</simpleChoice></choiceInteraction>',
    declaration=declared(
        "multiple", "identifier", "H", "O",
        mapping='<mapping lowerBound="0" defaultValue="0"><mapEntry mapKey="H" mappedValue="1"/>'
        '<mapEntry mapKey="O" mappedValue="1"/><mapEntry mapKey="Cl" mappedValue="-1"/></mapping>',
    ),
    template=MAP, name="i2",
)  # fmt: skip
CLOZE2 = item2(
    '<p>Made glorious summer by this sun of <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/>, '
    'says <inlineChoiceInteraction responseIdentifier="R2"><inlineChoice identifier="g">Gloucester</inlineChoice>'
    '<inlineChoice identifier="l">Lancaster</inlineChoice></inlineChoiceInteraction>.</p>',
    declaration=declared(
        "single", "string", "York",
        mapping='<mapping><mapEntry mapKey="York" mappedValue="2"/><mapEntry mapKey="york" mappedValue="1"/></mapping>',
    )
    + declared("single", "identifier", "g").replace("RESPONSE", "R2"),
    template=MAP, name="i3",
)  # fmt: skip
ORDER3 = f"""<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item {NS3} identifier="o1" title="Order" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="ordered" base-type="identifier">
<qti-correct-response><qti-value>C</qti-value><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><qti-order-interaction response-identifier="RESPONSE" shuffle="true"><qti-prompt>First?</qti-prompt>
<qti-simple-choice identifier="A">Anna</qti-simple-choice><qti-simple-choice identifier="C">Cleo</qti-simple-choice>
</qti-order-interaction></qti-item-body><qti-response-processing template="{MATCH}.xml"/>
</qti-assessment-item>""".encode()
MATCH2 = item2(
    '<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2"><prompt>Pair.</prompt>'
    '<simpleMatchSet><simpleAssociableChoice identifier="c" matchMax="1">Capulet</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="d" matchMax="1">Demetrius</simpleAssociableChoice></simpleMatchSet>'
    '<simpleMatchSet><simpleAssociableChoice identifier="R" matchMax="4">Romeo</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="M" matchMax="4">Dream</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="T" matchMax="4">Tempest</simpleAssociableChoice></simpleMatchSet></matchInteraction>',
    declaration=declared("multiple", "directedPair", "c R", "d M"), name="i5",
)  # fmt: skip
GAPS2 = item2(
    '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false"><prompt>Fill.</prompt>'
    '<gapText identifier="W" matchMax="1">winter</gapText><gapText identifier="S" matchMax="1">summer</gapText>'
    '<p>Now is the <gap identifier="G1"/> of our discontent made glorious <gap identifier="G2"/>.</p></gapMatchInteraction>',
    declaration=declared("multiple", "directedPair", "W G1", "S G2"), name="i6",
)  # fmt: skip
SPOT2 = item2(
    '<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Where?</prompt>'
    '<object type="image/png" width="196" height="280" data="images/map.png">Map of the islands</object>'
    '<hotspotChoice shape="circle" coords="77,115,8" identifier="A" hotspotLabel="North"/>'
    '<hotspotChoice shape="rect" coords="10,10,20,20" identifier="B" hotspotLabel="South"/></hotspotInteraction>',
    declaration=declared("single", "identifier", "A"), name="i7",
)  # fmt: skip
NUMBER2 = item2(
    '<p>How many?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
    declaration=declared("single", "float", "9.81"), template="", name="i8",
    more='<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.05 0.05">'
    '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE">'
    '<baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>',
)  # fmt: skip
ESSAY2 = item2(
    '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Write.</prompt></extendedTextInteraction>',
    declaration='<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>', name="i9",
)  # fmt: skip
REFUSED = {
    "adaptive": CHOICE2.replace(b'adaptive="false"', b'adaptive="true"'),
    "chance": CHOICE2.replace(b"<itemBody>", b'<templateDeclaration identifier="T"/><itemBody>'),
    "graphicOrderInteraction": item2('<p>x</p><graphicOrderInteraction responseIdentifier="RESPONSE"/>', declaration=declared("ordered", "identifier", "A")),
    "several things": item2(CHOICE2.split(b"<itemBody>")[1].split(b"</itemBody>")[0].decode() * 2, declaration=declared("single", "identifier", "A")),
    "nothing that can be answered": item2("<p>Just text.</p>"),
    "MathML": CHOICE2.replace(b"Look.", b'<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'),
    "rule of its own": CHOICE2.replace(b"</itemBody>", b"</itemBody><responseProcessing><customOperator/></responseProcessing>"),
    "not in the package": SPOT2,
}  # fmt: skip
ITEMS = {"single": CHOICE2, "multiple": MULTI2, "cloze": CLOZE2, "ordering": ORDER3, "matching": MATCH2, "drag_text": GAPS2, "numeric": NUMBER2, "essay": ESSAY2}  # fmt: skip


def package(files: dict[str, bytes], *, resources: str | None = None) -> bytes:
    """A ZIP with a manifest that names every .xml file as an item."""
    rows = resources or "".join(
        f'<resource identifier="r{n}" type="imsqti_item_xmlv2p1" href="{path}"><file href="{path}"/></resource>'
        for n, path in enumerate(files)
        if path.endswith(".xml")
    )
    manifest = f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{rows}</resources></manifest>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", manifest)
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()
