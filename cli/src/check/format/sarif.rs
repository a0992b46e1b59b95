//! SARIF 2.1.0, which code hosts read for code scanning:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::{collections::HashSet, path::Path};

use domain::{
    check::{Basis, Code, Finding, Severity, Suppressed, Suppressor, codes, pages},
    compose::Position,
};
use serde_json::{Map, Value, json};
use url::Url;

use super::{Outcome, codeclimate::Fingerprints, end_of};
use crate::check::{fix::replacement, look::Checked};

/// For more findings of one file, working out what the fixes replace takes too long.
const MOST_FIXES: usize = 200;

pub fn print(outcome: &Outcome<'_>) -> anyhow::Result<String> {
    // Two rules may report one code; SARIF wants every code once.
    let mut seen = HashSet::new();
    let codes: Vec<Code> = codes().filter(|code| seen.insert(code.name)).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code, outcome.rules_url)).collect();
    let results: Vec<Value> = outcome.files.iter().flat_map(|checked| results(checked, &codes)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "stacker",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn rule(code: Code, url: Option<&str>) -> Value {
    let page = pages::page(code.name);
    let basis = match code.basis {
        Basis::Compose => "Compose rejects such a file.",
        Basis::Runtime => "Compose accepts such a file, but the stack does not start as it says.",
        Basis::Advice => "The stack starts. Experience says something about it.",
    };
    let mut rule = Map::new();
    rule.insert("id".to_owned(), code.name.into());
    rule.insert("shortDescription".to_owned(), json!({"text": page.map_or(code.name, |page| page.what)}));
    let help = page.map_or_else(|| basis.to_owned(), |page| format!("{} {}", page.why, page.how));
    rule.insert("help".to_owned(), json!({"text": help}));
    if let Some(url) = url {
        rule.insert("helpUri".to_owned(), format!("{}/{}", url.trim_end_matches('/'), code.name).into());
    }
    let level = page
        .map_or(if code.basis == Basis::Advice { "warning" } else { "error" }, |page| level(page.severity));
    rule.insert("defaultConfiguration".to_owned(), json!({"level": level}));
    rule.into()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn results(checked: &Checked, codes: &[Code]) -> Vec<Value> {
    let mut fingerprints = Fingerprints::default();
    let mut fixes = MOST_FIXES;
    let report = &checked.report;
    let found = report.findings.iter().map(|finding| (finding, None));
    let suppressed = report.suppressed.iter().map(|suppressed| (&suppressed.finding, Some(suppressed)));
    found
        .chain(suppressed)
        .map(|(finding, suppressed)| {
            let text = checked.source.text.as_str();
            let mut result = Map::new();
            let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
            put("ruleId", finding.code.as_str().into());
            if let Some(index) = codes.iter().position(|code| code.name == finding.code) {
                put("ruleIndex", index.into());
            }
            put("level", level(finding.severity).into());
            put("message", json!({"text": finding.message}));
            let region = region(finding.position, end_of(text, finding));
            put(
                "locations",
                json!([{"physicalLocation": {"artifactLocation": artifact(checked), "region": region}}]),
            );
            let print = fingerprints.of(&checked.source.name, text, finding);
            put("partialFingerprints", json!({"stacker/v1": print}));
            if let Some(suppressed) = suppressed {
                put("suppressions", json!([suppression(suppressed)]));
            } else if finding.fix.is_some() && fixes > 0 {
                fixes -= 1;
                if let Some(fix) = fix(checked, finding) {
                    put("fixes", json!([fix]));
                }
            }
            Value::Object(result)
        })
        .collect()
}

fn suppression(suppressed: &Suppressed) -> Value {
    let kind = match suppressed.by {
        Suppressor::Comment(_) => "inSource",
        Suppressor::Settings => "external",
    };
    match &suppressed.reason {
        Some(reason) => json!({"kind": kind, "justification": reason}),
        None => json!({"kind": kind}),
    }
}

fn fix(checked: &Checked, finding: &Finding) -> Option<Value> {
    let (start, end, new) = replacement(checked.stack.as_ref()?, finding)?;
    let text = checked.source.text.as_str();
    let deleted = region(Position::of(text, start), Position::of(text, end));
    Some(json!({
        "description": {"text": finding.fix.as_ref()?.label},
        "artifactChanges": [{
            "artifactLocation": artifact(checked),
            "replacements": [{"deletedRegion": deleted, "insertedContent": {"text": new}}],
        }],
    }))
}

fn region(start: Position, end: Position) -> Value {
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

/// A relative path is relative to where the program was started.
fn artifact(checked: &Checked) -> Value {
    let path = Path::new(&checked.source.name);
    let uri = Url::from_file_path(Path::new("/").join(path)).map_or_else(
        |()| checked.source.name.clone(),
        |url| match path.is_absolute() {
            true => url.to_string(),
            false => url.path().trim_start_matches('/').to_owned(),
        },
    );
    json!({"uri": uri})
}
