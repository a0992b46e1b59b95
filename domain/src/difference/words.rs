//! Puts changes into words, one line each: "`web`: image nginx:1.27 → nginx:1.28".

use serde_json::Value;

use super::{Detail, Difference, Kind, PartChange, Section, What};

/// Longer values are only said to have changed.
const LONGEST: usize = 120;

/// One change in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: Kind,
    pub text: String,
}

impl Difference {
    /// Every change as a line of text.
    pub fn lines(&self) -> Vec<Line> {
        self.changes.iter().flat_map(PartChange::lines).collect()
    }
}

impl PartChange {
    pub fn lines(&self) -> Vec<Line> {
        let name = self.subject();
        let one = |kind, text| vec![Line { kind, text }];
        match &self.what {
            What::Added { image: Some(image) } => one(Kind::Added, format!("{name} added, image {image}")),
            What::Added { image: None } => one(Kind::Added, format!("{name} added")),
            What::Removed => one(Kind::Removed, format!("{name} removed")),
            What::Renamed { to } => one(Kind::Changed, format!("{name} renamed to `{to}`")),
            What::Changed { details } => {
                let line =
                    |detail: &Detail| Line { kind: detail.kind, text: format!("{name}: {}", detail.words()) };
                details.iter().map(line).collect()
            }
        }
    }

    fn subject(&self) -> String {
        let kind = match self.section {
            Section::Services | Section::File => return format!("`{}`", self.name),
            Section::Networks => "network",
            Section::Volumes => "volume",
            Section::Configs => "config",
            Section::Secrets => "secret",
            Section::Models => "model",
        };
        format!("{kind} `{}`", self.name)
    }
}

impl Detail {
    /// "port 8080:80 added"
    pub fn words(&self) -> String {
        let what = self.what();
        if self.hidden {
            let verb = match self.kind {
                Kind::Added => "added",
                Kind::Removed => "removed",
                Kind::Changed => "changed",
            };
            return format!("{what}{verb}");
        }
        let (before, after) = (self.before.as_ref().map(shown), self.after.as_ref().map(shown));
        let nothing = || Some("nothing".to_owned());
        match self.kind {
            Kind::Changed => match (before.unwrap_or_else(nothing), after.unwrap_or_else(nothing)) {
                (Some(before), Some(after)) => format!("{what}{before} → {after}"),
                _ => format!("{what}changed"),
            },
            Kind::Added => match after.flatten() {
                Some(value) => format!("{what}{value} added"),
                None => format!("{what}added"),
            },
            Kind::Removed => match before.flatten() {
                Some(value) => format!("{what}{value} removed"),
                None => format!("{what}removed"),
            },
        }
    }

    /// What changed, with the space or the colon before the rest.
    fn what(&self) -> String {
        let steps: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match steps.as_slice() {
            [] => String::new(),
            // These values contain the name.
            ["ports", _]
                if self.kind == Kind::Changed && self.before.as_ref().is_some_and(Value::is_string) =>
            {
                "port ".to_owned()
            }
            ["volumes", _] if !self.says_nothing() && self.is_text() => "mount ".to_owned(),
            [kind, name] => match noun(kind) {
                Some(noun) if self.says_nothing() => format!("{noun} {name} "),
                Some(noun) => format!("{noun} {name}: "),
                None if self.says_nothing() => format!("{kind} {name} "),
                None => format!("{kind}.{name} "),
            },
            path => format!("{} ", path.join(".")),
        }
    }

    fn is_text(&self) -> bool {
        [&self.before, &self.after].into_iter().flatten().all(Value::is_string)
    }

    /// Whether only the name is to be said.
    fn says_nothing(&self) -> bool {
        self.hidden || (self.before.is_none() && self.after.is_none())
    }
}

fn noun(key: &str) -> Option<&'static str> {
    Some(match key {
        "environment" => "variable",
        "labels" => "label",
        "ports" => "port",
        "volumes" => "mount",
        "networks" => "network",
        "depends_on" => "dependency",
        "configs" => "config",
        "secrets" => "secret",
        "models" => "model",
        "expose" => "exposed port",
        "extra_hosts" => "host",
        "links" => "link",
        "profiles" => "profile",
        "devices" => "device",
        _ => return None,
    })
}

/// `None` if the value is too long for a line.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    (!text.contains(char::is_control) && text.chars().count() <= LONGEST).then_some(text)
}
