//! Passwords that everybody knows, and databases that let everybody in.

use std::collections::HashMap;

use super::weak_values::is_weak;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{
        Service, Variable,
        literal_secret::{LiteralSecret, literal_secret},
        variables::with_defaults,
    },
    finding::Severity,
};

pub const RULE: Rule = Rule {
    codes: &[
        Code::advice("weak-password").security(),
        Code::advice("password-not-required").strict().security(),
    ],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        let values = values(service);
        for variable in &service.environment {
            if input.is_full() {
                return;
            }
            let Some(value) = values.get(variable.key.as_str()) else { continue };
            let (code, severity, message) = if let Some(reason) = weakness(&variable.key, value, &values) {
                let advice = "Choose a long random one before others can reach it.";
                let message = format!("The password in `{}` {reason}. {advice}", variable.key);
                ("weak-password", Severity::Warning, message)
            } else if lets_everybody_in(&variable.key, value) {
                let message = format!(
                    "With `{}`, `{}` accepts connections without a password. Set one: every container of its networks can reach it.",
                    variable.key, service.name
                );
                ("password-not-required", Severity::Hint, message)
            } else {
                continue;
            };
            let finding = input.finding(code, severity, place(variable), message);
            input.add(finding.of_service(&service.name));
        }
    }
}

/// The values of the variables, with their defaults. Values from outside are unknown.
fn values(service: &Service) -> HashMap<&str, String> {
    let known = |variable: &'_ Variable| variable.value.as_deref().and_then(with_defaults);
    service.environment.iter().filter_map(|one| Some((one.key.as_str(), known(one)?))).collect()
}

/// Why the password is weak, as the end of a sentence. The message never repeats the value.
fn weakness(key: &str, value: &str, values: &HashMap<&str, String>) -> Option<&'static str> {
    let password = match literal_secret(key, value)? {
        LiteralSecret::Whole => value,
        LiteralSecret::InUrl(range) => value.get(range)?,
    };
    if is_weak(password) {
        return Some("is one of those that attackers try first");
    }
    let is_name = user_names(key).any(|name| values.get(name.as_str()).is_some_and(|user| user == password));
    is_name.then_some("is the same as the user name")
}

/// The variables that may hold the name of the user whose password this is: `DB_USER` for `DB_PASSWORD`.
fn user_names(key: &str) -> impl Iterator<Item = String> {
    let start = ["PASSWORD", "PASSWD", "PASS", "PWD"].iter().find_map(|end| key.strip_suffix(end));
    let ends = start.map_or(&[][..], |_| &["USER", "USERNAME", "USER_NAME"]);
    ends.iter().map(move |end| format!("{}{end}", start.unwrap_or_default()))
}

fn lets_everybody_in(key: &str, value: &str) -> bool {
    let is_on = ["yes", "true", "1"].iter().any(|on| value.eq_ignore_ascii_case(on));
    let allows = key.contains("ALLOW_EMPTY") && key.ends_with("PASSWORD");
    (allows && is_on) || (key == "POSTGRES_HOST_AUTH_METHOD" && value == "trust")
}

fn place(variable: &Variable) -> crate::compose::Place {
    let value = variable.value_place;
    if value.start < value.end { value } else { variable.place }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{all, marked, none, one};

    const CODE: &str = "weak-password";

    fn stack(lines: &str) -> String {
        format!("services:\n  db:\n    image: a:1\n    environment:\n{lines}")
    }

    #[test]
    fn a_known_password_is_found_and_not_repeated() {
        let text = stack("      DB_PASSWORD: changeme\n");
        let finding = one(&text, CODE);
        assert_eq!(marked(&text, &finding), "changeme");
        assert!(!finding.message.contains("changeme"), "{}", finding.message);
        one(&stack("      - API_KEY=your-api-key\n"), CODE);
        one(&stack("      URL: postgres://app:password@db/app\n"), CODE);
    }

    #[test]
    fn the_default_of_a_variable_counts() {
        one(&stack("      DB_PASSWORD: ${DB_PASSWORD:-changeme}\n"), CODE);
        one(&stack("      URL: postgres://app:${PASS:-secret}@db/app\n"), CODE);
        none(&stack("      DB_PASSWORD: ${DB_PASSWORD}\n"), CODE);
        none(&stack("      DB_PASSWORD: ${DB_PASSWORD:-}\n"), CODE);
    }

    #[test]
    fn a_password_that_is_the_user_name_is_weak() {
        one(&stack("      DB_USER: shop\n      DB_PASSWORD: shop\n"), CODE);
        none(&stack("      DB_USER: shop\n      DB_PASSWORD: hunter2-and-more\n"), CODE);
    }

    #[test]
    fn other_variables_may_have_any_value() {
        none(&stack("      DB_USER: admin\n      MODE: test\n      DB_PASSWORD_FILE: secret\n"), CODE);
    }

    #[test]
    fn a_database_without_a_password_is_hinted_at() {
        let code = "password-not-required";
        one(&stack("      MYSQL_ALLOW_EMPTY_PASSWORD: 'yes'\n"), code);
        one(&stack("      - POSTGRES_HOST_AUTH_METHOD=trust\n"), code);
        assert!(all(&stack("      ALLOW_EMPTY_PASSWORD: 'no'\n"), code).is_empty());
    }
}
