//! Findings as diagnostics, computed aside and never published for a text that has changed since.

use std::{sync::Arc, time::Duration};

use domain::{
    check::{Finding, Severity},
    language::positions::Lines,
};
use tower_lsp_server::ls_types::{
    Diagnostic, DiagnosticSeverity, DiagnosticTag, MessageType, NumberOrString,
};

use super::{documents::Document, options::Options, ranges, server::Shared};

/// How long a text must be left alone before it is checked.
pub const PAUSE: Duration = Duration::from_millis(150);

/// Checks a document after a pause, unless it changes meanwhile.
pub fn schedule(shared: &Arc<Shared>, document: Arc<Document>, pause: Duration) {
    let shared = shared.clone();
    tokio::spawn(async move {
        tokio::time::sleep(pause).await;
        if !shared.documents.is_current(&document) {
            return;
        }
        let (asked, read) = (shared.clone(), document.clone());
        let check = move || read.read(&asked.workspace).report().findings.clone();
        let Ok(findings) = tokio::task::spawn_blocking(check).await else {
            tracing::error!(uri = document.uri.as_str(), "checking a document has failed");
            return;
        };
        publish(&shared, &document, &findings).await;
    });
}

async fn publish(shared: &Shared, document: &Arc<Document>, findings: &[Finding]) {
    let lines = Lines::of(&document.text);
    let options = shared.options();
    let found = findings.iter().map(|finding| diagnostic(finding, &lines, &options)).collect();
    // Closing waits for this, so that it has the last word.
    let _turn = shared.publishing.lock().await;
    if shared.documents.is_current(document) {
        shared.client.publish_diagnostics(document.uri.clone(), found, Some(document.version)).await;
        let problem = document.read(&shared.workspace).around.problem.clone();
        if let Some(problem) = shared.new_problem(problem) {
            shared.client.show_message(MessageType::WARNING, problem).await;
        }
    }
}

/// Takes the diagnostics of a closed document away.
pub async fn clear(shared: &Shared, uri: tower_lsp_server::ls_types::Uri) {
    let _turn = shared.publishing.lock().await;
    if shared.documents.get(&uri).is_none() {
        shared.client.publish_diagnostics(uri, Vec::new(), None).await;
    }
}

pub fn diagnostic(finding: &Finding, lines: &Lines<'_>, options: &Options) -> Diagnostic {
    let severity = match finding.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Hint => DiagnosticSeverity::HINT,
    };
    Diagnostic {
        range: ranges::range(lines, finding.place),
        severity: Some(severity),
        code: Some(NumberOrString::String(finding.code.clone())),
        code_description: options.page(&finding.code),
        source: Some("stacker".to_owned()),
        message: finding.message.clone(),
        tags: (finding.code == "comment-unused").then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    }
}
