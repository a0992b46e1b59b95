//! Ports without quotes that readers of YAML 1.1 take for numbers in base 60: `22:22` is 1342 there.
//! <https://yaml.org/type/int.html>

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("port-base-60").strict()], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        // What is shared through an anchor is quoted where it is written.
        let is_own = body.alias.is_none()
            && body.entry("ports").is_some_and(|entry| !entry.merged && entry.value.alias.is_none());
        for port in &service.ports {
            if input.is_full() {
                return;
            }
            let Some(text) = port.text.as_deref().filter(|text| is_base_60(text)) else { continue };
            // In quotes, the text differs from what is written.
            if input.source(port.place) != text {
                continue;
            }
            let message = format!(
                "Some programs read `{text}` as a number in base 60, because it has no quotes. Write `\"{text}\"`."
            );
            let mut finding =
                input.finding("port-base-60", Severity::Hint, port.place, message).of_service(&service.name);
            if is_own {
                let mut path = service_path(&service.name, "ports");
                path.push(port.index.to_string());
                finding = finding.with_fix("Quote the port", Edit::SetKey { path, value: text.into() });
            }
            input.add(finding);
        }
    }
}

fn is_base_60(text: &str) -> bool {
    let Some((first, rest)) = text.split_once(':') else { return false };
    let starts =
        first.starts_with(|c: char| matches!(c, '1'..='9')) && first.bytes().all(|b| b.is_ascii_digit());
    let below_60 = |part: &str| {
        part.len() <= 2
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|n| n < 60)
    };
    starts && rest.split(':').all(below_60)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none};

    const CODE: &str = "port-base-60";

    fn stack(port: &str) -> String {
        format!("services:\n  git:\n    image: a:1\n    ports:\n      - {port} # ssh\n")
    }

    #[test]
    fn a_port_that_looks_like_a_time_is_quoted() {
        assert_eq!(fixed(&stack("2222:22"), CODE), stack("\"2222:22\""));
    }

    #[test]
    fn others_are_read_as_text_by_everybody() {
        for port in ["\"22:22\"", "'22:22'", "8080:80", "127.0.0.1:22:22", "22:22/tcp", "2222", "${PORT}:22"]
        {
            none(&stack(port), CODE);
        }
    }
}
