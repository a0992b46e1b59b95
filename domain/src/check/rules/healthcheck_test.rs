//! A health check test that is a string although a list is meant, or a list without `CMD` or `CMD-SHELL`.

use serde_json::json;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::Command,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule =
    Rule { codes: &[Code::runtime("healthcheck-string-cmd"), Code::compose("healthcheck-list-start")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        let Some(test) = service.healthcheck.as_ref().and_then(|check| check.test.as_ref()) else { continue };
        let (code, words, message) = match &test.value {
            Command::Line(line) => {
                let Some((first, words)) = meant_as_list(line) else { continue };
                (
                    "healthcheck-string-cmd",
                    words,
                    format!(
                        "`{first}` works only in a list. As text, the shell would look for a program called `{first}`, \
                         and `{}` would never become healthy. Write the test as a list.",
                        service.name
                    ),
                )
            }
            Command::Words(words) => {
                let Some(first) = words.first() else { continue };
                if matches!(first.as_str(), "CMD" | "CMD-SHELL" | "NONE") || first.contains('$') {
                    continue;
                }
                let mut fixed = vec!["CMD".to_owned()];
                fixed.extend(words.iter().cloned());
                (
                    "healthcheck-list-start",
                    fixed,
                    format!(
                        "The list starts with `{first}`, and it must start with `CMD`, `CMD-SHELL` or `NONE`. Put `CMD` in \
                         front."
                    ),
                )
            }
        };
        let mut path = service_path(&service.name, "healthcheck");
        path.push("test".to_owned());
        let finding = input
            .finding(code, Severity::Error, test.place, message)
            .with_fix(format!("Write it as {}", json!(words)), Edit::SetKey { path, value: json!(words) });
        input.add(finding.of_service(&service.name));
    }
}

/// The first word and the intended list, if the string begins with a word that only has a meaning in a list.
fn meant_as_list(line: &str) -> Option<(&'static str, Vec<String>)> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match first {
        "NONE" if rest.is_empty() => Some(("NONE", vec!["NONE".to_owned()])),
        "CMD-SHELL" => Some(("CMD-SHELL", vec!["CMD-SHELL".to_owned(), unquoted(rest).to_owned()])),
        // Pipes, quotes and variables need a shell.
        "CMD" if rest.contains(['|', '&', ';', '<', '>', '$', '`', '(', '"', '\'', '\\', '*', '\n']) => {
            Some(("CMD", vec!["CMD-SHELL".to_owned(), rest.to_owned()]))
        }
        "CMD" => {
            Some(("CMD", std::iter::once("CMD").chain(rest.split_whitespace()).map(str::to_owned).collect()))
        }
        _ => None,
    }
}

/// Strips quotes around the whole text.
fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| {
            let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
            (!inner.contains(quote)).then_some(inner)
        })
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    fn stack(test: &str) -> String {
        format!(
            "services:\n  web:\n    image: a:1\n    healthcheck:\n      test: {test}\n      interval: 5s\n"
        )
    }

    #[test]
    fn a_string_that_begins_with_cmd_becomes_a_list() {
        let text = stack("CMD curl -f http://localhost");
        assert_eq!(marked(&text, &one(&text, "healthcheck-string-cmd")), "CMD curl -f http://localhost");
        let fixed = fixed(&text, "healthcheck-string-cmd");
        let stack = crate::stack::Stack::read(&fixed);
        let test =
            stack.model().services[0].healthcheck.as_ref().and_then(|check| check.test.as_ref()).unwrap();
        let words = ["CMD", "curl", "-f", "http://localhost"].map(str::to_owned).to_vec();
        assert_eq!(test.value, crate::compose::Command::Words(words));
        assert!(fixed.contains("interval: 5s"));
    }

    #[test]
    fn what_needs_a_shell_keeps_it() {
        let line = super::meant_as_list("CMD curl -f localhost || exit 1").unwrap();
        assert_eq!(line.1, ["CMD-SHELL", "curl -f localhost || exit 1"]);
        let quoted = super::meant_as_list("CMD-SHELL \"pg_isready -U app\"").unwrap();
        assert_eq!(quoted.1, ["CMD-SHELL", "pg_isready -U app"]);
    }

    #[test]
    fn a_list_has_to_say_how_it_is_run() {
        assert!(fixed(&stack("[curl, -f, localhost]"), "healthcheck-list-start").contains("CMD"));
        none(&stack("[CMD-SHELL, \"curl -f localhost\"]"), "healthcheck-list-start");
    }

    #[test]
    fn a_plain_shell_line_is_fine() {
        none(&stack("curl -f http://localhost || exit 1"), "healthcheck-string-cmd");
    }
}
