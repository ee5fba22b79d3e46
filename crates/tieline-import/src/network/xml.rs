//! XML as the network formats need it: names without prefixes, attributes and text as plain
//! strings. Entities of a document type are never expanded; depth and text are bounded.

use std::io::{BufRead, BufReader};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

use crate::source::{Confidence, Probe, Sink, Stop};
use crate::text;

/// Deepest nesting that is followed; no network file nests like this.
const MAX_DEPTH: usize = 64;
/// Characters of text kept of one element.
const MAX_TEXT: usize = 16 * 1024;

/// One step through the document.
#[derive(Debug)]
enum Step {
    /// An element begins.
    Start(Element),
    /// An element ends: its name and the text directly inside it since it or its last child began.
    End(String, String),
    /// The document is at its end, or cannot be followed any further, with the reason.
    Done(Option<String>),
}

/// The beginning of an element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Local name, lower case.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute by its local name.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim())
    }
}

/// A network format in XML, while one document is read.
pub(super) trait Document {
    /// An element begins, at a byte.
    fn start(&mut self, element: &Element, at: u64, sink: &mut dyn Sink) -> Result<(), Stop>;

    /// An element ends, with the text directly inside it; the record that it completes, and the byte
    /// where that began.
    fn end(&mut self, name: &str, text: &str) -> Option<(u64, Found)>;
}

/// A record, or why it is none.
pub(super) type Found = Result<Record, &'static str>;

/// Reads a document whole.
pub(super) fn read(
    input: &mut dyn BufRead,
    document: &mut dyn Document,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let mut input = text::as_utf8(input)?;
    let mut walk = Walk::new(&mut input)?;
    let mut is_empty = true;
    loop {
        let at = walk.position();
        match walk.next()? {
            Step::Start(element) => document.start(&element, at, sink)?,
            Step::End(name, text) => {
                let Some((at, found)) = document.end(&name, &text) else { continue };
                is_empty = false;
                match found {
                    Ok(record) => sink.record(Position::Byte(at), record)?,
                    Err(reason) => {
                        sink.issue(Position::Byte(at), Severity::Lost, reason.to_owned())?;
                    }
                }
            }
            Step::Done(None) if is_empty => {
                let reason = "no network could be found in it".to_owned();
                return sink.issue(Position::File, Severity::Lost, reason);
            }
            Step::Done(None) => return Ok(()),
            Step::Done(Some(reason)) => {
                let reason = format!("{reason}: the rest is not read");
                return sink.issue(Position::Byte(at), Severity::Lost, reason);
            }
        }
    }
}

/// Whether a file is of the format whose outermost element and extension have this name.
pub(super) fn detect(probe: &Probe<'_>, name: &str) -> Confidence {
    if text::head(probe.head).contains(&format!("<{name}")) {
        Confidence::Certain
    } else if probe.has_extension(name) {
        Confidence::Possible
    } else {
        Confidence::No
    }
}

/// Walks through a document.
struct Walk<'a> {
    reader: Reader<Box<dyn BufRead + 'a>>,
    buffer: Vec<u8>,
    depth: usize,
    text: String,
}

impl<'a> Walk<'a> {
    /// Starts at the beginning. The encoding is the one that the document states, else UTF-8;
    /// broken characters are replaced.
    fn new(input: &'a mut dyn BufRead) -> Result<Self, Stop> {
        let head = text::head(input.fill_buf()?).into_owned();
        let declaration = head.split("?>").next().unwrap_or_default();
        let label = declaration.split_once("encoding=").map(|(_, rest)| {
            rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or_default()
        });
        let stated = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
        // A file that says UTF-16 and is read by its byte order mark has been recoded already.
        let wide = |e: &&'static encoding_rs::Encoding| e.name().starts_with("UTF-16");
        let encoding = stated.filter(|e| !wide(e)).unwrap_or(encoding_rs::UTF_8);
        let decoded = encoding_rs_io::DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .bom_override(true)
            .build(input);
        let mut reader =
            Reader::from_reader(Box::new(BufReader::new(decoded)) as Box<dyn BufRead + 'a>);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, buffer: Vec::new(), depth: 0, text: String::new() })
    }

    /// Bytes read so far (of the text as UTF-8).
    fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The next step.
    fn next(&mut self) -> Result<Step, Stop> {
        loop {
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(error)) => {
                    return Err(std::io::Error::new(error.kind(), error.to_string()).into());
                }
                Err(error) => return Ok(Step::Done(Some(format!("broken XML: {error}")))),
            };
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    self.text.clear();
                    if self.depth > MAX_DEPTH {
                        let reason = format!("XML nested deeper than {MAX_DEPTH} levels");
                        return Ok(Step::Done(Some(reason)));
                    }
                    return Ok(Step::Start(element(&start)));
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    let name = local(end.name().0);
                    return Ok(Step::End(name, std::mem::take(&mut self.text)));
                }
                Event::Text(text) => append(&mut self.text, text.as_ref()),
                Event::CData(text) => append(&mut self.text, text.as_ref()),
                Event::GeneralRef(reference) => append(&mut self.text, &resolved(&reference)),
                Event::Eof => {
                    let cut = self.depth > 0;
                    let reason = cut.then(|| "the file ends before its last element".to_owned());
                    return Ok(Step::Done(reason));
                }
                _ => {}
            }
        }
    }
}

fn append(text: &mut String, more: &str) {
    if text.len() + more.len() <= MAX_TEXT {
        text.push_str(more);
    }
}

/// Characters by number and the five predefined entities; anything else stays unread.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name: &str = reference.as_ref();
    quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned()
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start.attributes().flatten().map(|attribute| {
        let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            // An unknown entity: the value as it stands.
            Err(_) => attribute.value.into_owned(),
        };
        (local(attribute.key.0), value)
    });
    Element { name: local(start.name().0), attributes: attributes.collect() }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}
