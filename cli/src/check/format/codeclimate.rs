//! The JSON of Code Climate, which several code hosts show beside a change:
//! <https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md#data-types>.

use std::collections::HashMap;

use domain::check::{Finding, Severity};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Outcome, end_of};

pub fn print(outcome: &Outcome<'_>) -> anyhow::Result<String> {
    let mut issues: Vec<Value> = Vec::new();
    for checked in outcome.files {
        let mut fingerprints = Fingerprints::default();
        let (name, text) = (checked.source.name.as_str(), checked.source.text.as_str());
        for finding in &checked.report.findings {
            issues.push(json!({
                "type": "issue",
                "check_name": finding.code,
                "description": finding.message,
                "categories": ["Bug Risk"],
                "severity": match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Hint => "info",
                },
                "fingerprint": fingerprints.of(name, text, finding),
                "location": {
                    "path": name.strip_prefix("./").unwrap_or(name),
                    "lines": {"begin": finding.position.line, "end": end_of(text, finding).line},
                },
            }));
        }
    }
    Ok(serde_json::to_string_pretty(&issues)? + "\n")
}

/// Says which findings are the same in two versions of a file. It depends on what the finding is about, not on its line.
#[derive(Default)]
pub struct Fingerprints {
    /// How often the same thing was found.
    seen: HashMap<String, usize>,
}

impl Fingerprints {
    pub fn of(&mut self, name: &str, text: &str, finding: &Finding) -> String {
        let marked = finding.place.slice(text);
        let service = finding.service.as_deref().unwrap_or_default();
        let about = [name, &finding.code, service, marked].join("\0");
        let nth = self.seen.entry(about.clone()).or_default();
        let digest = Sha256::digest(format!("{about}\0{nth}"));
        *nth += 1;
        hex::encode(&digest[..16])
    }
}
