//! What a person is shown about a stack: the findings of a profile, without those that comments and settings switch off.
//!
//! This is about what is shown, not about what is allowed: the policy of hosts and the checks of deploying use
//! [`super::check`], which reads neither comments nor settings.

use serde::{Deserialize, Serialize};

use super::{
    Code, check_for,
    comments::{Comment, Request, comments},
    known_code, sort,
    subject::Subject,
};
use crate::{
    compose::{Place, Position, nearest::did_you_mean},
    finding::{Basis, Finding, Severity},
    reporting::{Level, Settings},
    stack::Stack,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// The findings that were switched off, in the order of the text.
    pub suppressed: Vec<Suppressed>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suppressed {
    pub finding: Finding,
    pub by: Suppressor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Suppressor {
    /// A comment in the file; this is where it starts.
    Comment(Position),
    /// The settings of the project or of `.stacker.yaml`.
    Settings,
}

/// The findings of the profile, with the severities of the settings and the comments.
pub fn report(stack: &Stack, settings: &Settings) -> Report {
    report_with(stack, settings, Vec::new())
}

/// The same with findings from elsewhere, which comments and settings switch off too.
pub fn report_with(stack: &Stack, settings: &Settings, others: Vec<Finding>) -> Report {
    report_of(&Subject::from(stack), settings, others)
}

pub(super) fn report_on(subject: &Subject<'_>, settings: &Settings) -> Report {
    report_of(subject, settings, Vec::new())
}

fn report_of(subject: &Subject<'_>, settings: &Settings, mut others: Vec<Finding>) -> Report {
    let is_wanted = |code: Code| {
        let set = settings.rules.get(code.name);
        code.is_in(settings.profile) || code.is_fixed() || set.is_some_and(|level| *level != Level::Off)
    };
    let comments = comments(subject.text, subject.tree);
    let mut used = vec![false; comments.len()];
    let mut report = Report::default();
    others.retain(|finding| known_code(&finding.code).is_none_or(is_wanted));
    for mut finding in check_for(subject, &is_wanted).into_iter().chain(others) {
        if finding.basis == Basis::Compose || known_code(&finding.code).is_some_and(Code::is_fixed) {
            report.findings.push(finding);
            continue;
        }
        if let Some(level) = settings.rules.get(&finding.code) {
            match level.severity() {
                Some(severity) => finding.severity = severity,
                None => {
                    report.suppressed.push(Suppressed { finding, by: Suppressor::Settings, reason: None });
                    continue;
                }
            }
        }
        let about = |request: &Request| {
            request.codes.contains(&finding.code)
                && request.about.is_none_or(|about| {
                    about.start <= finding.place.start && finding.place.start <= about.end
                })
        };
        // The last comment is the closest one.
        let asking = comments.iter().enumerate().rev().find_map(|(at, comment)| {
            comment.asks.as_ref().filter(|request| about(request)).map(|request| (at, comment, request))
        });
        let Some((at, comment, request)) = asking else {
            report.findings.push(finding);
            continue;
        };
        if let Some(used) = used.get_mut(at) {
            *used = true;
        }
        match request.level.severity() {
            // A comment never raises a severity.
            Some(severity) => {
                finding.severity = finding.severity.max(severity);
                report.findings.push(finding);
            }
            None => report.suppressed.push(Suppressed {
                by: Suppressor::Comment(Position::of(subject.text, comment.place.start)),
                reason: request.reason.clone(),
                finding,
            }),
        }
    }
    if subject.is_readable {
        // Nobody knows whether a comment about what registries say is needed tomorrow.
        let is_wanted =
            |name: &str| known_code(name).is_some_and(|code| !code.is_of_registries && is_wanted(code));
        for (comment, used) in comments.iter().zip(used) {
            let about = about_comment(subject.text, comment, used, &is_wanted);
            report.findings.extend(about.into_iter().filter_map(|finding| as_set(finding, settings)));
        }
    }
    sort(&mut report.findings);
    report
}

/// The finding with the severity of the settings, if they want it.
fn as_set(finding: Finding, settings: &Settings) -> Option<Finding> {
    let level = settings.rules.get(&finding.code);
    let is_in_profile = known_code(&finding.code).is_some_and(|code| code.is_in(settings.profile));
    match level.map(|level| level.severity()) {
        Some(severity) => Some(Finding { severity: severity?, ..finding }),
        None => is_in_profile.then_some(finding),
    }
}

/// What is wrong with the comment itself.
fn about_comment(
    text: &str,
    comment: &Comment,
    is_used: bool,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    let finding = |code: &str, severity, place: Place, message: String| {
        Finding::new(code, (severity, Basis::Advice), text, place, message)
    };
    let unknown = |message| finding("comment-unknown", Severity::Warning, comment.place, message);
    let Some(request) = &comment.asks else {
        let message = "This comment has no effect. Write `# stacker: ignore CODE: reason`; `hint` and `warning` lower the severity instead.";
        return vec![unknown(message.to_owned())];
    };
    let wrong: Vec<Finding> = request
        .codes
        .iter()
        .filter_map(|name| match known_code(name) {
            Some(code) if code.is_fixed() => {
                Some(unknown(format!("`{name}` can't be switched off: Compose itself rejects such a file.")))
            }
            Some(_) => None,
            None => {
                let guess = did_you_mean(name, super::codes().map(|code| code.name));
                Some(unknown(format!("There is no rule with the code `{name}`.{guess}")))
            }
        })
        .collect();
    // A code of another profile may have findings there.
    if !wrong.is_empty() || is_used || !request.codes.iter().any(|name| is_wanted(name)) {
        return wrong;
    }
    let message = "Nothing here is reported with this code. Remove the comment.".to_owned();
    vec![finding("comment-unused", Severity::Hint, comment.place, message)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Report {
        report(&Stack::read(text), &Settings::default())
    }

    fn codes(text: &str) -> Vec<String> {
        of(text).findings.into_iter().map(|finding| finding.code).collect()
    }

    fn suppressed(text: &str) -> Vec<String> {
        of(text).suppressed.into_iter().map(|one| one.finding.code).collect()
    }

    #[test]
    fn a_comment_behind_a_line_is_about_that_line() {
        let text = "services:\n  web:\n    image: nginx # stacker: ignore image-unpinned: tested daily\n  api:\n    image: nginx\n";
        assert_eq!(codes(text), ["image-unpinned"]);
        let suppressed = of(text).suppressed.remove(0);
        assert_eq!(suppressed.reason.as_deref(), Some("tested daily"));
        assert_eq!(suppressed.by, Suppressor::Comment(Position { line: 3, column: 18 }));
    }

    #[test]
    fn a_comment_above_is_about_the_entry_below() {
        let text = "services:\n  # stacker: ignore image-latest, image-unpinned\n  # the shop\n\n  web:\n    image: nginx\n  api:\n    image: nginx:latest\n";
        assert_eq!(codes(text), ["image-latest"]);
        assert_eq!(suppressed(text), ["image-unpinned"]);
    }

    #[test]
    fn a_comment_behind_a_service_is_about_all_of_it() {
        let text =
            "services:\n  web: # stacker: ignore image-unpinned\n    restart: always\n    image: nginx\n";
        assert_eq!(codes(text), [""; 0]);
    }

    #[test]
    fn a_comment_can_be_about_the_whole_file() {
        let text = "services:\n  web:\n    image: nginx\n# stacker: ignore-file image-unpinned\n";
        assert_eq!(codes(text), [""; 0]);
        assert_eq!(suppressed(text), ["image-unpinned"]);
    }

    #[test]
    fn the_severity_can_be_lowered_and_not_raised() {
        let lowered = of("services:\n  web:\n    image: nginx # stacker: hint image-unpinned\n");
        assert_eq!(lowered.findings[0].severity, Severity::Hint);
        let text = "services:\n  web:\n    image: a:1\n    environment:\n      API_KEY: abcdef # stacker: warning secret-in-plain-text\n";
        assert_eq!(of(text).findings[0].severity, Severity::Hint);
    }

    #[test]
    fn text_that_only_looks_like_a_comment_has_no_effect() {
        let text = "services:\n  web:\n    image: nginx\n    command: |\n      # stacker: ignore-file image-unpinned\n      run\n    labels:\n      a: 'x # stacker: ignore-file image-unpinned'\n";
        assert_eq!(codes(text), ["image-unpinned"]);
    }

    #[test]
    fn what_compose_rejects_cannot_be_switched_off() {
        let text =
            "services:\n  web:\n    image: a:1\n    depends_on: [db] # stacker: ignore dependency-unknown\n";
        assert_eq!(codes(text), ["dependency-unknown", "comment-unknown"]);
    }

    #[test]
    fn comments_without_effect_are_reported() {
        assert_eq!(
            codes("services: # stacker: ignore image-unpinned\n  web:\n    image: a:1\n"),
            ["comment-unused"]
        );
        let unknown =
            of("services: # stacker: ignore image-unpined\n  web:\n    image: a:1\n").findings.remove(0);
        assert!(unknown.message.contains("Did you mean `image-unpinned`?"), "{}", unknown.message);
        assert_eq!(
            codes("# stacker: please be quiet\nservices:\n  web:\n    image: a:1\n"),
            ["comment-unknown"]
        );
    }

    #[test]
    fn a_file_that_was_not_read_says_so_in_every_profile() {
        let text = "services: {}\n---\nservices: {}\n";
        let settings = r#"{"profile": "security", "rules": {"several-documents": "off"}}"#;
        let report = report(&Stack::read(text), &serde_json::from_str(settings).unwrap());
        assert_eq!(report.findings[0].code, "several-documents");
    }

    #[test]
    fn reports_about_comments_follow_the_settings_too() {
        let text = "services: # stacker: ignore image-unpinned\n  web:\n    image: a:1\n";
        for settings in [r#"{"profile": "security"}"#, r#"{"rules": {"comment-unused": "off"}}"#] {
            let report = report(&Stack::read(text), &serde_json::from_str(settings).unwrap());
            assert!(!report.findings.iter().any(|finding| finding.code == "comment-unused"));
        }
    }

    #[test]
    fn what_registries_say_is_switched_off_like_everything_else() {
        let text = "services:\n  web:\n    image: a:1 # stacker: ignore image-newer-tag: later\n";
        assert_eq!(codes(text), [""; 0], "the comment may be needed, so it is not reported as unused");
        let stack = Stack::read(text);
        let place = stack.model().service("web").unwrap().image.as_ref().unwrap().place;
        let from_elsewhere =
            |code: &str| vec![Finding::new(code, (Severity::Hint, Basis::Advice), text, place, "…")];
        let with = |code: &str, json: &str| {
            report_with(&stack, &serde_json::from_str(json).unwrap(), from_elsewhere(code))
        };
        assert_eq!(with("image-newer-tag", "{}").suppressed[0].reason.as_deref(), Some("later"));
        assert_eq!(with("image-no-platform", "{}").findings[0].code, "image-no-platform");
        let off = with("image-no-platform", r#"{"rules": {"image-no-platform": "off"}}"#);
        assert_eq!(off.suppressed[0].by, Suppressor::Settings);
        let of_security = with("image-no-platform", r#"{"profile": "security"}"#).findings;
        assert!(!of_security.iter().any(|finding| finding.code == "image-no-platform"));
    }

    #[test]
    fn settings_choose_the_profile_and_the_severity() {
        let text = "services:\n  web:\n    image: nginx\n";
        let with = |json: &str| report(&Stack::read(text), &serde_json::from_str(json).unwrap());
        assert_eq!(with(r#"{"rules": {"image-unpinned": "error"}}"#).findings[0].severity, Severity::Error);
        let off = with(r#"{"rules": {"image-unpinned": "off"}}"#);
        assert_eq!(off.suppressed[0].by, Suppressor::Settings);
        assert!(off.findings.is_empty());
    }

    #[test]
    fn neither_comments_nor_settings_change_what_a_deployment_is_checked_for() {
        let text = "# stacker: ignore-file host-port-conflict\nservices:\n  a:\n    image: a:1\n    ports: [\"80:80\"]\n  b:\n    image: a:1\n    ports: [\"80:80\"]\n";
        assert_eq!(codes(text), [""; 0]);
        let checked = crate::check::check(&Stack::read(text));
        assert_eq!(checked[0].code, "host-port-conflict");
    }
}
