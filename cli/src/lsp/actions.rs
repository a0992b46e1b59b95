//! Fixes and renaming: edits of the domain, turned into edits of the text.

use std::collections::HashMap;

use domain::{
    check::{Finding, Fix},
    compose::Place,
    language::{positions::Lines, service_at},
    stack::{Edit, Stack},
};
use tower_lsp_server::{
    jsonrpc::{Error, ErrorCode},
    ls_types::{
        CodeAction, CodeActionKind, CodeActionOrCommand, DocumentChanges, OneOf,
        OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, WorkspaceEdit,
    },
};

use super::{
    diagnostics::diagnostic, documents::Document, documents::Read, options::Options, text_edits::text_edits,
};

/// Each fix is applied to a copy of the stack, so only the first of a long selection are offered.
const MOST_FIXES: usize = 20;

/// The request is understood and cannot be fulfilled.
const REQUEST_FAILED: i64 = -32803;

/// The fixes of the findings that touch a place.
pub fn fixes(document: &Document, read: &Read, place: Place, options: &Options) -> Vec<CodeActionOrCommand> {
    let lines = Lines::of(&document.text);
    let touched = |finding: &&Finding| finding.place.start <= place.end && place.start <= finding.place.end;
    let mut offered: Vec<CodeAction> = Vec::new();
    for finding in read.report().findings.iter().filter(touched) {
        for fix in [&finding.fix, &finding.fix_all].into_iter().flatten() {
            let is_known = offered.iter().any(|action| action.title == fix.label);
            if is_known || offered.len() == MOST_FIXES {
                continue;
            }
            let Some(edits) = edits_of(&read.stack, fix) else { continue };
            offered.push(CodeAction {
                title: fix.label.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![diagnostic(finding, &lines, options)]),
                edit: Some(workspace_edit(document, edits, options)),
                ..CodeAction::default()
            });
        }
    }
    offered.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// `None` for a fix that is more than a change of this text: one that moves secrets would lose them.
fn edits_of(stack: &Stack, fix: &Fix) -> Option<Vec<TextEdit>> {
    let after = stack.apply(&fix.edit).ok()?;
    if after.values() != stack.values() {
        return None;
    }
    Some(text_edits(stack.text(), after.text())).filter(|edits| !edits.is_empty())
}

/// The edits that rename the service at an offset. The reason for a refusal becomes the message.
pub fn rename(
    document: &Document,
    stack: &Stack,
    offset: usize,
    to: &str,
    options: &Options,
) -> Result<WorkspaceEdit, Error> {
    let refused = |message: String| Error {
        code: ErrorCode::ServerError(REQUEST_FAILED),
        message: message.into(),
        data: None,
    };
    let Some((service, _)) = service_at(stack, offset) else {
        return Err(refused("only services can be renamed: put the cursor on the name of one".to_owned()));
    };
    if service == to {
        return Ok(WorkspaceEdit::default());
    }
    let edit = Edit::RenameService { service: service.to_owned(), to: to.to_owned(), uncertain: None };
    let after = stack.apply(&edit).map_err(|refusal| refused(refusal.message))?;
    Ok(workspace_edit(document, text_edits(stack.text(), after.text()), options))
}

fn workspace_edit(document: &Document, edits: Vec<TextEdit>, options: &Options) -> WorkspaceEdit {
    let uri = document.uri.clone();
    if !options.versioned_edits {
        return WorkspaceEdit { changes: Some(HashMap::from([(uri, edits)])), ..WorkspaceEdit::default() };
    }
    let edit = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: Some(document.version) },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    };
    WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(vec![edit])), ..WorkspaceEdit::default() }
}
