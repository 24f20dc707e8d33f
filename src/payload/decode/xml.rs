//! XML as a value: `<a b="1"><c>2</c></a>` is `{"a":{"@b":"1","c":"2"}}`.
//!
//! An element without attributes and children is its text; elements of one name beside each other are an array; text
//! beside attributes or children is the member `#text`. The order of elements of different names is lost, so the text
//! view stays what shows the document as it was sent. Entities of a DTD are not expanded.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use rustc_hash::FxHashMap;

use crate::payload::DecodeLimits;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::EncodeError;

/// Reads XML.
#[derive(Debug)]
pub(super) struct Xml;

impl ValueDecoder for Xml {
    fn fit(&self, look: &Look<'_>) -> Fit {
        let Some(text) = look.text() else { return Fit::No };
        let text = text.trim_start_matches('\u{FEFF}').trim_start();
        if text.starts_with("<?xml") {
            return Fit::Certain;
        }
        // It begins and ends with an element.
        let is_element = text.strip_prefix('<').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        if is_element && look.payload().trim_ascii_end().ends_with(b">") { Fit::Certain } else { Fit::No }
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        Document::read(payload, depth_max)?.write(out)
    }

    fn encode(&self, text: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(text.as_bytes().to_vec())
    }

    fn extension(&self) -> &'static str {
        "xml"
    }
}

/// An element.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    /// Places in the list of elements.
    children: Vec<usize>,
}

/// The elements, the root first.
#[derive(Debug, Default)]
struct Document {
    elements: Vec<Element>,
    /// Those that are open, the outermost first.
    open: Vec<usize>,
}

impl Document {
    fn read(payload: &[u8], depth_max: usize) -> Result<Self, BinaryFault> {
        let text = str::from_utf8(payload)
            .map_err(|error| BinaryFault::at(error.valid_up_to(), BinaryProblem::NotUtf8))?;
        let mut reader = Reader::from_str(text);
        let mut document = Self::default();
        loop {
            let start = position(&reader);
            let malformed = |at: usize| BinaryFault::at(at.min(payload.len()), BinaryProblem::Malformed);
            let event = reader.read_event();
            let event = event.map_err(|_| malformed(reader.error_position() as usize))?;
            match event {
                Event::Start(tag) => {
                    document.open(&tag, start, depth_max)?;
                }
                Event::Empty(tag) => {
                    document.open(&tag, start, depth_max)?;
                    document.open.pop();
                }
                Event::End(_) => {
                    document.open.pop();
                }
                Event::Text(text) => {
                    let text = text.xml_content(XmlVersion::Implicit1_0).map_err(|_| malformed(start))?;
                    document.push_text(&text).map_err(|()| malformed(start))?;
                }
                Event::CData(text) => {
                    let text = text.decode().map_err(|_| malformed(start))?;
                    document.push_text(&text).map_err(|()| malformed(start))?;
                }
                Event::GeneralRef(reference) => {
                    let text = resolved(&reference).ok_or_else(|| malformed(start))?;
                    document.push_text(&text).map_err(|()| malformed(start))?;
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => break,
            }
        }
        if document.elements.is_empty() || !document.open.is_empty() {
            return Err(BinaryFault::at(payload.len(), BinaryProblem::Truncated));
        }
        Ok(document)
    }

    fn open(&mut self, tag: &BytesStart<'_>, start: usize, depth_max: usize) -> Result<(), BinaryFault> {
        let malformed = BinaryFault::at(start, BinaryProblem::Malformed);
        if self.open.len() >= depth_max {
            return Err(BinaryFault::at(start, BinaryProblem::TooDeep(depth_max)));
        }
        let place = self.elements.len();
        match self.open.last() {
            Some(parent) => self.elements[*parent].children.push(place),
            // A second root.
            None if place > 0 => return Err(malformed),
            None => {}
        }
        let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|_| malformed)?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| malformed)?;
            let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            attributes.push((name, value.into_owned()));
        }
        self.elements.push(Element { name, attributes, ..Element::default() });
        self.open.push(place);
        Ok(())
    }

    /// Text outside of the root may only be space.
    fn push_text(&mut self, text: &str) -> Result<(), ()> {
        match self.open.last() {
            Some(place) => self.elements[*place].text.push_str(text),
            None if text.trim_ascii().is_empty() => {}
            None => return Err(()),
        }
        Ok(())
    }

    fn write(&self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let Some(root) = self.elements.first() else { return Ok(()) };
        out.begin_object()?;
        out.key(&root.name)?;
        let mut steps = vec![Step::Value(0)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Value(place) => self.write_element(place, &mut steps, out)?,
                Step::Key(place) => out.key(&self.elements[place].name)?,
                Step::BeginArray => out.begin_array()?,
                Step::End => out.end()?,
            }
        }
        out.end()?;
        Ok(())
    }

    fn write_element(
        &self,
        place: usize,
        steps: &mut Vec<Step>,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        let element = &self.elements[place];
        if element.attributes.is_empty() && element.children.is_empty() {
            return Ok(out.string(&element.text)?);
        }
        out.begin_object()?;
        for (name, value) in &element.attributes {
            out.key(&format!("@{name}"))?;
            out.string(value)?;
        }
        if !element.text.trim_ascii().is_empty() {
            out.key("#text")?;
            out.string(element.text.trim_ascii())?;
        }
        // The last step is taken first.
        steps.push(Step::End);
        for group in self.by_name(&element.children).iter().rev() {
            let is_array = group.len() > 1;
            if is_array {
                steps.push(Step::End);
            }
            steps.extend(group.iter().rev().map(|child| Step::Value(*child)));
            if is_array {
                steps.push(Step::BeginArray);
            }
            steps.extend(group.first().map(|child| Step::Key(*child)));
        }
        Ok(())
    }

    /// Elements grouped by name, in the order in which each name came first.
    fn by_name(&self, children: &[usize]) -> Vec<Vec<usize>> {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for child in children {
            let place = *places.entry(&self.elements[*child].name).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(*child),
                None => groups.push(vec![*child]),
            }
        }
        groups
    }
}

/// What is written next.
enum Step {
    Key(usize),
    Value(usize),
    BeginArray,
    End,
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A character or one of the five entities of XML; what a DTD defines stays as it stands.
fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    let name = reference.decode().ok()?;
    let entity = quick_xml::escape::resolve_xml_entity(&name);
    Some(entity.map_or_else(|| format!("&{name};"), str::to_owned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payload::json::validate;
    use crate::payload::{DecodeLimits, never};

    fn decoded(text: &str) -> Result<String, DecodeError> {
        let mut out = ValueWriter::new(1 << 20, &never);
        Xml.write(text.as_bytes(), 1_000, &mut out).map(|()| out.finish())
    }

    fn fault(offset: usize, problem: BinaryProblem) -> Result<String, DecodeError> {
        Err(BinaryFault { offset, problem }.into())
    }

    #[test]
    fn elements_become_members_and_repeated_ones_an_array() {
        let cases = [
            ("<a/>", r#"{"a":""}"#),
            ("<a>21.5</a>", r#"{"a":"21.5"}"#),
            ("<?xml version='1.0'?><a b='1'><c>2</c><!-- no --></a>\n", r#"{"a":{"@b":"1","c":"2"}}"#),
            ("<a><c>1</c><d/><c>2</c></a>", r#"{"a":{"c":["1","2"],"d":""}}"#),
            ("<a b=\"x\"> text &lt;&#65;&own;</a>", r##"{"a":{"@b":"x","#text":"text <A&own;"}}"##),
            ("<a><![CDATA[<b>]]></a>", r#"{"a":"<b>"}"#),
            ("<n:a xmlns:n='u'><温度>1</温度></n:a>", r#"{"n:a":{"@xmlns:n":"u","温度":"1"}}"#),
        ];
        for (text, json) in cases {
            assert_eq!(decoded(text).as_deref(), Ok(json), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_byte() {
        assert_eq!(decoded("<a><b></a>"), fault(6, BinaryProblem::Malformed));
        assert_eq!(decoded("<a>"), fault(3, BinaryProblem::Truncated));
        assert_eq!(decoded("<a/><b/>"), fault(4, BinaryProblem::Malformed));
        assert_eq!(decoded("<a b='1' b='2'/>"), fault(0, BinaryProblem::Malformed));
        assert_eq!(decoded("plain"), fault(0, BinaryProblem::Malformed));
        assert_eq!(decoded(&"<a>".repeat(100_000)), fault(3_000, BinaryProblem::TooDeep(1_000)));
    }

    /// "Billion laughs": entities that a document defines itself stand for nothing.
    #[test]
    fn entities_of_a_dtd_are_not_expanded() {
        let text = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
        assert_eq!(decoded(text).as_deref(), Ok(r#"{"a":"&y;"}"#));
    }

    #[test]
    fn documents_are_recognised_and_texts_with_brackets_are_not() {
        let fit = |text: &str| Xml.fit(&Look::at(text.as_bytes()));
        assert_eq!(fit("<?xml version=\"1.0\"?>\n<a/>"), Fit::Certain);
        assert_eq!(fit("<a>1</a>\n"), Fit::Certain);
        assert_eq!(fit("<3 you"), Fit::No);
        assert_eq!(fit("< 21.5"), Fit::No);
        assert_eq!(fit("<hello"), Fit::No);
    }

    proptest! {
        #[test]
        fn any_text_is_json_or_a_fault_inside_of_it(text in "(<[ab/!?]?|[<>/=\"'&;ab \\n]|-->|]]>){0,30}") {
            match decoded(&text) {
                Ok(json) => prop_assert!(validate(json.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}"),
                Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= text.len())),
            }
        }
    }
}
