//! Passwords, tokens and keys that are written in the file in plain text.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::literal_secret::{LiteralSecret, literal_secret},
    finding::{Fix, Severity},
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("secret-in-plain-text")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        for variable in &service.environment {
            if input.is_full() {
                return;
            }
            let Some(value) = variable.value.as_deref() else { continue };
            let what = match literal_secret(&variable.key, value) {
                Some(LiteralSecret::Whole) => format!("`{}`", variable.key),
                Some(LiteralSecret::InUrl(_)) => format!("The password in `{}`", variable.key),
                None => continue,
            };
            let place = if variable.value_place.start < variable.value_place.end {
                variable.value_place
            } else {
                variable.place
            };
            // The message never repeats the value.
            let message = format!(
                "{what} is visible to anyone who can read this file. Write `${{{key}}}` and put the value in `.env`, or \
                 use `secrets`.",
                key = variable.key
            );
            let finding = input.finding("secret-in-plain-text", Severity::Hint, place, message);
            let one =
                Edit::MoveSecrets { service: Some(service.name.clone()), key: Some(variable.key.clone()) };
            let all = Edit::MoveSecrets { service: None, key: None };
            let mut finding = finding.of_service(&service.name).with_fix("Move to .env", one);
            finding.fix_all = Some(Fix { label: "Move secrets to .env".to_owned(), edit: all });
            input.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    const CODE: &str = "secret-in-plain-text";

    fn stack(entry: &str) -> String {
        format!("services:\n  db:\n    image: a:1\n    environment:\n      {entry}\n")
    }

    #[test]
    fn a_literal_password_is_found_and_not_repeated() {
        let text = stack("POSTGRES_PASSWORD: hunter2");
        let finding = one(&text, CODE);
        assert_eq!(marked(&text, &finding), "hunter2");
        assert!(!format!("{finding:?}").contains("hunter2"));
        assert!(finding.message.contains("${POSTGRES_PASSWORD}"));
        assert_eq!(fixed(&text, CODE), stack("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}"));
    }

    #[test]
    fn list_entries_are_read_too() {
        one(&stack("- API_KEY=abcdef"), CODE);
    }

    #[test]
    fn variables_switches_and_paths_are_no_secrets() {
        for entry in [
            "DB_PASSWORD: ${DB_PASSWORD}",
            "DB_PASSWORD: $DB_PASSWORD",
            "DB_PASSWORD:",
            "DB_PASSWORD: ''",
            "ALLOW_EMPTY_PASSWORD: 'yes'",
            "FORGOT_PASSWORD: true",
            "DB_PASSWORD: /run/secrets/db",
        ] {
            none(&stack(entry), CODE);
        }
    }

    #[test]
    fn a_password_inside_a_url_is_found() {
        one(&stack("DATABASE_URL: postgres://app:hunter2@db:5432/app"), CODE);
        none(&stack("DATABASE_URL: postgres://app:${DB_PASSWORD}@db:5432/app"), CODE);
        none(&stack("DATABASE_URL: postgres://db:5432/app"), CODE);
    }
}
