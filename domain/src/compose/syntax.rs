//! The document as written: aliases and merges are not resolved, and every token has its place. Edits work on this
//! tree; [`super::resolve`] computes its values.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options};

use super::{place::Place, plain_words::explain};

/// The maximum nesting. No real stack is nested more deeply.
const NESTING_LIMIT: usize = 64;

#[derive(Clone, Debug)]
pub struct Tree {
    pub kind: NodeKind,
    /// The place of the value. It includes the header of a block scalar, but no anchor or tag. It is empty for a
    /// missing value.
    pub place: Place,
    /// Where the node begins, including its anchor and tag.
    pub start: usize,
    /// The number and the place of the node's anchor.
    pub anchor: Option<(usize, Place)>,
    pub tag: Option<CoreTag>,
}

/// Tags that change the meaning of a value. Other tags have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreTag {
    /// `!!str`, and any tag of one's own: a scalar is text.
    Text,
    Null,
    /// `!!int`, `!!float`, `!!bool`: a scalar in quotes is read like a plain one.
    Plain,
    /// `!reset`: Compose ignores the key and its value.
    Reset,
    /// `!override`: in a file that is merged with others, the value replaces theirs.
    Override,
    Other,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    /// There is no value, as in `key:`.
    Missing,
    Scalar {
        text: String,
        style: Style,
    },
    /// The number of the anchor that the alias refers to.
    Alias(usize),
    Sequence {
        flow: bool,
        items: Vec<Item>,
    },
    Mapping {
        flow: bool,
        pairs: Vec<Pair>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

#[derive(Clone, Debug)]
pub struct Item {
    /// The offset of the dash. In flow sequences, the offset at which the item begins.
    pub dash: usize,
    pub node: Tree,
}

#[derive(Clone, Debug)]
pub struct Pair {
    pub key: Tree,
    /// The offset after the colon; `None` if there is no colon, as in `{a, b}`.
    pub colon: Option<usize>,
    pub value: Tree,
}

impl Tree {
    fn missing(at: usize) -> Self {
        Self { kind: NodeKind::Missing, place: Place::at(at), start: at, anchor: None, tag: None }
    }

    /// The text of the node, if it is a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub fn pairs(&self) -> &[Pair] {
        match &self.kind {
            NodeKind::Mapping { pairs, .. } => pairs,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Item] {
        match &self.kind {
            NodeKind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    pub fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs().iter().rev().find(|pair| pair.key.scalar() == Some(key))
    }

    pub fn is_flow(&self) -> bool {
        matches!(self.kind, NodeKind::Sequence { flow: true, .. } | NodeKind::Mapping { flow: true, .. })
    }

    /// Where the node ends: after its value, or after the anchor of an empty value.
    pub fn end(&self) -> usize {
        self.place.end.max(self.anchor.map_or(0, |(_, place)| place.end))
    }
}

impl Pair {
    pub fn end(&self) -> usize {
        self.value.end().max(self.colon.unwrap_or(0)).max(self.key.end())
    }
}

/// Why a text is not valid YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub code: &'static str,
    pub message: String,
    pub offset: usize,
}

/// What could be read, and the error that stopped the reading.
pub struct Parsed {
    pub tree: Tree,
    pub error: Option<SyntaxError>,
    /// The line `%YAML`, if it names a version that Compose does not read.
    pub version: Option<Place>,
}

pub fn parse(text: &str) -> Parsed {
    let options = options! {
        emit_anchor_events: true,
        emit_comments: false,
        block_nesting_limit: NESTING_LIMIT,
        flow_nesting_limit: NESTING_LIMIT,
    };
    let mut builder = Builder {
        text,
        events: Parser::new_from_str_with_options(text, options),
        cursor: 0,
        pushed_back: None,
        error: None,
        version: None,
    };
    let tree = builder.document();
    Parsed { tree, error: builder.error, version: builder.version }
}

struct Builder<'t> {
    text: &'t str,
    events: Parser<'t, granit_parser::StrInput<'t>>,
    /// The end of the last token. Only white space, comments and indicators are between it and the next node.
    cursor: usize,
    pushed_back: Option<(Event<'t>, Place, Option<usize>)>,
    error: Option<SyntaxError>,
    version: Option<Place>,
}

impl<'t> Builder<'t> {
    fn document(&mut self) -> Tree {
        let mut root = None;
        let mut documents = 0;
        while let Some((event, place, tag_start)) = self.next() {
            match event {
                Event::DocumentStart(explicit, version) => {
                    documents += 1;
                    if version.is_some_and(|version| (version.major, version.minor) != (1, 1)) {
                        self.version = directive(&self.text[..place.start]);
                    }
                    if explicit && place.end > self.cursor {
                        self.cursor = place.end;
                    }
                    if documents > 1 {
                        self.error = Some(SyntaxError {
                            code: "several-documents",
                            message: "A second document starts here (`---`). Keep one document in this file."
                                .to_owned(),
                            offset: place.start,
                        });
                        break;
                    }
                }
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                event => root = Some(self.node(event, place, tag_start)),
            }
        }
        root.unwrap_or_else(|| Tree::missing(self.text.len()))
    }

    fn next(&mut self) -> Option<(Event<'t>, Place, Option<usize>)> {
        if let Some(event) = self.pushed_back.take() {
            return Some(event);
        }
        if self.error.is_some() {
            return None;
        }
        match self.events.next_event()? {
            Ok((event, span)) => {
                let tag_start = span.tag_start().and_then(|mark| mark.byte_offset());
                Some((event, self.place(&span), tag_start))
            }
            Err(error) => {
                self.error = Some(syntax_error(self.text, &error));
                None
            }
        }
    }

    fn place(&self, span: &Span) -> Place {
        span.byte_range().map_or(Place::at(self.cursor), |range| Place::new(range.start, range.end))
    }

    /// Reads the anchor, which the parser reports right after the node.
    fn anchor(&mut self) -> Option<(usize, Place)> {
        match self.next() {
            Some((Event::Anchor(number, _), place, _)) => Some((number, place)),
            Some(other) => {
                self.pushed_back = Some(other);
                None
            }
            None => None,
        }
    }

    fn node(&mut self, event: Event<'t>, place: Place, tag_start: Option<usize>) -> Tree {
        let tag = event.tag().map(core_tag);
        let anchor = if event.anchor_id().is_some() { self.anchor() } else { None };
        // Moves the cursor behind the tag, because the search for the first dash of a list starts there.
        if let Some(start) = tag_start {
            let rest = &self.text[start..];
            let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.cursor = self.cursor.max(end.min(place.start));
        }
        let properties = [tag_start, anchor.map(|(_, place)| place.start)].into_iter().flatten().min();
        let (kind, place) = match event {
            Event::Scalar(_, ScalarStyle::Plain, ..) if place.start == place.end => {
                let at = anchor.map_or(place.start, |(_, place)| place.end.max(self.cursor));
                (NodeKind::Missing, Place::at(at))
            }
            Event::Scalar(text, style, ..) => {
                let place = self.scalar_place(place, style, anchor);
                (NodeKind::Scalar { text: text.into_owned(), style: style_of(style) }, place)
            }
            Event::Alias(number) => (NodeKind::Alias(number), place),
            Event::SequenceStart(style, ..) => self.sequence(style == StructureStyle::Flow, place, anchor),
            Event::MappingStart(style, ..) => self.mapping(style == StructureStyle::Flow, place, anchor),
            _ => (NodeKind::Missing, place),
        };
        self.cursor = self.cursor.max(place.end).max(anchor.map_or(0, |(_, place)| place.end));
        let start = properties.unwrap_or(place.start).min(place.start);
        Tree { kind, place, start, anchor, tag }
    }

    /// For a block scalar, the parser reports the range of its content and of what follows. This range begins at `|`
    /// or `>` instead, and ends with the last line that is not blank.
    fn scalar_place(&self, place: Place, style: ScalarStyle, anchor: Option<(usize, Place)>) -> Place {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return place;
        }
        let from = self.cursor.max(anchor.map_or(0, |(_, place)| place.end));
        let header = self.text.get(from..place.start).and_then(|gap| gap.find(['|', '>']));
        let start = header.map_or(place.start, |at| from + at);
        let end = start + block_length(place_text(self.text, start, place.end));
        Place::new(start, end.max(start + 1))
    }

    fn sequence(&mut self, flow: bool, open: Place, anchor: Option<(usize, Place)>) -> (NodeKind, Place) {
        let mut items = Vec::new();
        let mut end = open.end;
        self.cursor = self.cursor.max(anchor.map_or(0, |(_, place)| place.end));
        if flow {
            self.cursor = self.cursor.max(open.end);
        }
        while let Some((event, place, tag_start)) = self.next() {
            if matches!(event, Event::SequenceEnd) {
                if flow {
                    end = place.end;
                }
                break;
            }
            let dash = if flow { None } else { indicator(self.text, self.cursor, b'-') };
            if let Some(dash) = dash {
                self.cursor = dash + 1;
            }
            let mut node = self.node(event, place, tag_start);
            if let (NodeKind::Missing, Some(dash), None) = (&node.kind, dash, node.anchor) {
                node = Tree { tag: node.tag, ..Tree::missing(dash + 1) };
            }
            let dash = dash.unwrap_or(node.start);
            if !flow {
                end = node.end().max(dash + 1);
            }
            items.push(Item { dash, node });
        }
        let start = if flow { open.start } else { items.first().map_or(open.start, |item| item.dash) };
        (NodeKind::Sequence { flow, items }, Place::new(start, end.max(start)))
    }

    fn mapping(&mut self, flow: bool, open: Place, anchor: Option<(usize, Place)>) -> (NodeKind, Place) {
        let mut pairs = Vec::new();
        let mut end = open.end;
        self.cursor = self.cursor.max(anchor.map_or(0, |(_, place)| place.end));
        // `[a: b]` is a mapping without braces.
        let braces = flow && self.text.as_bytes().get(open.start) == Some(&b'{');
        if flow {
            self.cursor = self.cursor.max(open.end);
        }
        while let Some((event, place, tag_start)) = self.next() {
            if matches!(event, Event::MappingEnd) {
                if braces {
                    end = place.end;
                }
                break;
            }
            let key = self.node(event, place, tag_start);
            let colon = indicator(self.text, self.cursor, b':').map(|at| at + 1);
            if let Some(colon) = colon {
                self.cursor = colon;
            }
            let value = match self.next() {
                Some((event, place, tag_start)) => self.node(event, place, tag_start),
                None => Tree::missing(self.cursor),
            };
            let value = match (&value.kind, colon, value.anchor) {
                (NodeKind::Missing, Some(colon), None) => Tree { tag: value.tag, ..Tree::missing(colon) },
                _ => value,
            };
            let pair = Pair { key, colon, value };
            if !braces {
                end = pair.end();
            }
            pairs.push(pair);
        }
        let start = if braces { open.start } else { pairs.first().map_or(open.start, |pair| pair.key.start) };
        (NodeKind::Mapping { flow, pairs }, Place::new(start, end.max(start)))
    }
}

/// The length of a block scalar, up to the end of the last line that is part of its value. Blank lines at its end are
/// part of it after `|+` and `>+`, and if they are indented deeper than its text.
fn block_length(raw: &str) -> usize {
    let solid = raw.trim_end().len();
    let (header, content) = raw[..solid].split_once('\n').unwrap_or((&raw[..solid], ""));
    let blank = &raw[solid..];
    let Some(last) = blank.rfind('\n') else { return solid };
    let without_return = |end: usize| if raw[..end].ends_with('\r') { end - 1 } else { end };
    if header.split('#').next().is_some_and(|header| header.contains('+')) {
        return without_return(solid + last).max(solid);
    }
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = content.lines().filter(|line| !line.trim().is_empty());
    let Some(text_indent) = lines.map(indent).min() else { return solid };
    let (mut end, mut at) = (solid, solid);
    for line in blank[..last].split_inclusive('\n') {
        at += line.len();
        if indent(line.trim_end_matches(['\r', '\n'])) > text_indent {
            end = at - (line.len() - line.trim_end_matches(['\r', '\n']).len());
        }
    }
    end
}

fn place_text(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

fn core_tag(tag: &Tag) -> CoreTag {
    match (tag.core_suffix(), tag.suffix()) {
        (Some("str"), _) => CoreTag::Text,
        (Some("null"), _) => CoreTag::Null,
        (Some("int" | "float" | "bool"), _) => CoreTag::Plain,
        (Some(_), _) | (None, "") => CoreTag::Other,
        (None, "reset") => CoreTag::Reset,
        (None, "override") => CoreTag::Override,
        (None, _) => CoreTag::Text,
    }
}

/// The line `%YAML` before a document.
fn directive(head: &str) -> Option<Place> {
    let start = head.rfind("%YAML")?;
    let length = head[start..].find(['\r', '\n']).unwrap_or(head.len() - start);
    Some(Place::new(start, start + length))
}

/// Finds the next `-` or `:` that is an indicator: only white space, comments, `?` and `,` may precede it.
fn indicator(text: &str, from: usize, wanted: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            byte if byte == wanted => return Some(at),
            b' ' | b'\t' | b'\r' | b'\n' | b'?' | b',' => at += 1,
            b'#' => at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at),
            // A byte-order mark may precede the first line.
            0xef | 0xbb | 0xbf if at < 3 => at += 1,
            _ => return None,
        }
    }
    None
}

fn syntax_error(text: &str, error: &ScanError) -> SyntaxError {
    let offset = floor(text, error.marker().byte_offset().unwrap_or(text.len()).min(text.len()));
    let (offset, message) = explain(text, offset, error.kind());
    SyntaxError { code: "not-yaml", message, offset }
}

fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
