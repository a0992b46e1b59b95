//! Builds the tree from the events of the parser.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, options};

use super::{
    strays::stray,
    tokens::{begins_text, block_length, column, core_tag, directive, indicator, style_of},
    tree::{Item, NodeKind, Pair, Parsed, SyntaxError, Tree},
};
use crate::compose::{place::Place, plain_words::explain};

/// The maximum nesting. No real stack is nested more deeply.
const NESTING_LIMIT: usize = 64;

pub fn parse(text: &str) -> Parsed {
    let options = options! {
        emit_anchor_events: true,
        emit_comments: false,
        block_nesting_limit: NESTING_LIMIT,
        flow_nesting_limit: NESTING_LIMIT,
        bom_inside_document_as_content: true,
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
    let error = builder.error.or_else(|| stray(text, &tree));
    Parsed { tree, error, version: builder.version }
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
            if !flow {
                end = node.end().max(dash.map_or(0, |dash| dash + 1));
            }
            items.push(Item { dash: dash.unwrap_or(node.start), node });
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
            let question = indicator(self.text, self.cursor, b'?').filter(|at| !begins_text(self.text, *at));
            if let Some(question) = question {
                self.cursor = question + 1;
            }
            let mut key = self.node(event, place, tag_start);
            if let (NodeKind::Missing, Some(question), None) = (&key.kind, question, key.anchor) {
                key = Tree { tag: key.tag, ..Tree::missing(question + 1) };
            }
            let is_missing = matches!(key.kind, NodeKind::Missing);
            let colon = indicator(self.text, self.cursor, b':')
                .filter(|colon| flow || self.is_beside(&key, *colon, question))
                .filter(|colon| !is_missing || !begins_text(self.text, *colon))
                .map(|at| at + 1);
            if let Some(colon) = colon {
                self.cursor = colon;
            }
            let value = match self.next() {
                Some((event, place, tag_start)) => self.node(event, place, tag_start),
                None => Tree::missing(self.cursor),
            };
            let value = match (&value.kind, colon, value.anchor) {
                (NodeKind::Missing, _, None) => {
                    Tree { tag: value.tag, ..Tree::missing(colon.unwrap_or(key.end())) }
                }
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

    /// Whether a colon belongs to the key before it: it is in the line where the key ends, or below the question mark of the
    /// key. Any other colon belongs to an entry further out.
    fn is_beside(&self, key: &Tree, colon: usize, question: Option<usize>) -> bool {
        !place_text(self.text, key.end(), colon).contains(['\r', '\n'])
            || question.is_some_and(|question| column(self.text, question) == column(self.text, colon))
    }
}

fn place_text(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
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
