//! Completions, hovers and symbols in the types of the protocol.

use domain::{
    compose::Place,
    language::{self, CompletionKind, Named, positions::Lines},
};
use tower_lsp_server::ls_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, DocumentSymbol, Documentation, FoldingRange,
    Hover, HoverContents, InsertTextMode, MarkupContent, MarkupKind, SymbolKind, TextEdit,
};

use super::{options::Format, ranges};

pub fn completion_item(found: language::Completion, lines: &Lines<'_>) -> CompletionItem {
    // Names are what people look for first, then keys; the words of values stand alone.
    let (kind, order) = match found.kind {
        CompletionKind::Name(Named::Service) => (CompletionItemKind::CLASS, "0"),
        CompletionKind::Name(_) => (CompletionItemKind::MODULE, "0"),
        CompletionKind::Variable => (CompletionItemKind::VARIABLE, "0"),
        CompletionKind::Key => (CompletionItemKind::PROPERTY, "1"),
        CompletionKind::Value => (CompletionItemKind::ENUM_MEMBER, "1"),
    };
    CompletionItem {
        sort_text: Some(format!("{order}{}", found.label)),
        filter_text: Some(found.label.clone()),
        label: found.label,
        kind: Some(kind),
        detail: Some(found.detail).filter(|detail| !detail.is_empty()),
        documentation: found.help.map(|help| Documentation::String(help.to_owned())),
        insert_text_mode: Some(InsertTextMode::AS_IS),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: ranges::range(lines, found.replace),
            new_text: found.insert,
        })),
        ..CompletionItem::default()
    }
}

/// A file or, with a slash at the end, a folder.
pub fn file_item(name: String, place: Place, lines: &Lines<'_>) -> CompletionItem {
    let kind = if name.ends_with('/') { CompletionItemKind::FOLDER } else { CompletionItemKind::FILE };
    CompletionItem {
        sort_text: Some(format!("0{name}")),
        kind: Some(kind),
        insert_text_mode: Some(InsertTextMode::AS_IS),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: ranges::range(lines, place),
            new_text: name.clone(),
        })),
        label: name,
        ..CompletionItem::default()
    }
}

pub fn fold(fold: &language::Fold) -> FoldingRange {
    FoldingRange { start_line: fold.first, end_line: fold.last, ..FoldingRange::default() }
}

pub fn hover(found: language::Hover, lines: &Lines<'_>, format: Format) -> Hover {
    let kind = match format {
        Format::Markdown => MarkupKind::Markdown,
        Format::Plain => MarkupKind::PlainText,
    };
    Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value: found.text }),
        range: Some(ranges::range(lines, found.place)),
    }
}

#[expect(deprecated, reason = "the type has no other constructor than naming all of its fields")]
pub fn symbol(found: language::Symbol, lines: &Lines<'_>) -> DocumentSymbol {
    let kind = match found.kind {
        language::SymbolKind::Section => SymbolKind::NAMESPACE,
        language::SymbolKind::Declared(Named::Service) => SymbolKind::CLASS,
        language::SymbolKind::Declared(_) => SymbolKind::OBJECT,
        language::SymbolKind::Key => SymbolKind::PROPERTY,
    };
    DocumentSymbol {
        name: found.name,
        detail: found.detail,
        kind,
        tags: None,
        deprecated: None,
        range: ranges::range(lines, found.place),
        selection_range: ranges::range(lines, found.name_place),
        children: Some(found.children.into_iter().map(|child| symbol(child, lines)).collect()),
    }
}
