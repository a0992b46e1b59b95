//! What a rule is, and the input that it gets.
//!
//! Files are untrusted: the time of a rule must be linear in the size of the file. Names are looked up in sets, and
//! nothing is computed for findings beyond the limit.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use super::{code::Code, subject::Subject};
use crate::{
    compose::{
        Model, Place, Position, Resource, Service,
        files::Joined,
        nearest::did_you_mean,
        variables::{Piece, pieces, with_defaults},
        yaml::Node,
    },
    finding::{Basis, Finding, MOST_FINDINGS, Severity},
    stack::Values,
};

/// The maximum number of candidates for "Did you mean …?".
const MOST_CANDIDATES: usize = 200;

pub struct Rule {
    /// The codes that the rule can report.
    pub codes: &'static [Code],
    pub look: fn(&mut CheckInput<'_>),
}

/// The stack that is checked, and the findings so far.
pub struct CheckInput<'s> {
    pub model: &'s Model,
    /// Values kept beside the file.
    pub values: &'s Values,
    text: &'s str,
    /// Which part of the text is which file, if there are several.
    files: Option<&'s Joined>,
    services: HashMap<&'s str, usize>,
    findings: Vec<Finding>,
    is_wanted: &'s dyn Fn(Code) -> bool,
    /// The codes of the rule that is looking.
    codes: &'static [Code],
}

impl<'s> CheckInput<'s> {
    pub fn new(model: &'s Model, subject: &Subject<'s>, is_wanted: &'s dyn Fn(Code) -> bool) -> Self {
        let &Subject { text, values, files, .. } = subject;
        let services =
            model.services.iter().enumerate().map(|(at, service)| (service.name.as_str(), at)).collect();
        Self { model, values, text, files, services, findings: Vec::new(), is_wanted, codes: &[] }
    }

    /// Lets the rule look, unless none of its codes is wanted.
    pub fn look(&mut self, rule: &Rule) {
        self.codes = rule.codes;
        if rule.codes.iter().any(|code| (self.is_wanted)(*code)) {
            (rule.look)(self);
        }
    }

    /// Begins a finding, with the basis that the rule states for the code. The rule completes it and passes it to
    /// [`Self::add`].
    pub fn finding(
        &self,
        code: &str,
        severity: Severity,
        place: Place,
        message: impl Into<String>,
    ) -> Finding {
        let text = if self.is_full() { "" } else { self.text };
        let basis = self.codes.iter().find(|known| known.name == code).map(|known| known.basis);
        Finding::new(code, (severity, basis.unwrap_or_default()), text, place, message)
    }

    /// Adds the finding, if its code is wanted.
    pub fn add(&mut self, finding: Finding) {
        let is_wanted = self
            .codes
            .iter()
            .find(|code| code.name == finding.code)
            .is_none_or(|code| (self.is_wanted)(*code));
        if is_wanted && !self.is_full() {
            self.findings.push(finding);
        }
    }

    pub fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    /// The findings. If there are too many, the last one says so.
    pub fn into_findings(mut self) -> Vec<Finding> {
        if self.is_full() {
            let end = Place::at(self.text.len());
            let message =
                format!("Only the first {MOST_FINDINGS} findings are shown. Fix these and check again.");
            let weight = (Severity::Hint, Basis::Advice);
            self.findings.push(Finding::new("more-findings", weight, self.text, end, message));
        }
        self.findings
    }

    /// The line number, from 1, and the file if there are several. Use it in messages only.
    pub fn line(&self, place: Place) -> String {
        match self.files {
            _ if self.is_full() => String::new(),
            Some(files) => files.line(place),
            None => Position::of(self.text, place.start).line.to_string(),
        }
    }

    /// The index of a service in the model. A name that is written as a variable counts with its default.
    pub fn index_of(&self, service: &str) -> Option<usize> {
        self.services.get(self.judged(service)?.as_ref()).copied()
    }

    /// A name or word as Compose reads it: variables have their defaults. `None` if a variable has no default, or a value
    /// beside the file: then the file does not prove anything.
    pub fn judged<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        if !text.contains('$') {
            return Some(Cow::Borrowed(text));
        }
        let has_value =
            |piece: &Piece<'_>| matches!(piece, Piece::Variable { name, .. } if self.values.has(name));
        if pieces(text).iter().any(has_value) {
            return None;
        }
        with_defaults(text).filter(|filled| !filled.is_empty()).map(Cow::Owned)
    }

    /// The services, each with its body in the document.
    pub fn services(&self) -> impl Iterator<Item = (&'s Service, &'s Node)> + use<'s> {
        let bodies = self.model.root.get("services").map(Node::entries).unwrap_or_default();
        self.model.services.iter().zip(bodies).map(|(service, entry)| (service, &entry.value))
    }

    /// The text at a place.
    pub fn source(&self, place: Place) -> &'s str {
        place.slice(self.text)
    }

    pub fn service(&self, name: &str) -> Option<&'s Service> {
        self.index_of(name).and_then(|at| self.model.services.get(at))
    }

    /// The text " Did you mean …?" with the nearest candidate, or an empty text.
    pub fn guess<'c>(&self, name: &str, candidates: impl Iterator<Item = &'c str>) -> String {
        if self.is_full() { String::new() } else { did_you_mean(name, candidates.take(MOST_CANDIDATES)) }
    }

    pub fn guess_service(&self, name: &str) -> String {
        self.guess(name, self.model.services.iter().map(|service| service.name.as_str()))
    }

    /// Whether included files, which are not read, may declare further names.
    pub fn is_open(&self) -> bool {
        !self.model.includes.is_empty()
    }
}

pub fn names(resources: &[Resource]) -> HashSet<&str> {
    resources.iter().map(|resource| resource.name.as_str()).collect()
}

/// Whether both services can run at the same time. Services with different profiles are often alternatives.
pub fn run_together(a: &Service, b: &Service) -> bool {
    a.profiles.is_empty()
        || b.profiles.is_empty()
        || a.profiles.iter().any(|profile| b.profiles.iter().any(|other| other.value == profile.value))
}

/// The path of a key of a service, for edits.
pub fn service_path(service: &str, key: &str) -> Vec<String> {
    vec!["services".to_owned(), service.to_owned(), key.to_owned()]
}
