//! Services whose programs may gain rights that they did not start with.

use serde_json::json;

use super::is_on;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::yaml::{Node, Value},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("new-privileges").strict().security()], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        if input.is_full() {
            return;
        }
        let is_privileged = body.get("privileged").is_some_and(is_on);
        if is_privileged || service.extends.is_some() || says_something(body) {
            continue;
        }
        let message = format!(
            "Programs in `{}` can gain rights through `sudo` and the like. Add `no-new-privileges:true` to `security_opt`.",
            service.name
        );
        let finding = input
            .finding("new-privileges", Severity::Hint, service.key, message)
            .with_fix("Add `no-new-privileges:true`", addition(&service.name, body));
        input.add(finding.of_service(&service.name));
    }
}

/// Whether `security_opt` mentions the option, or cannot be read.
fn says_something(body: &Node) -> bool {
    let Some(options) = body.get("security_opt") else { return false };
    let mentions = |option: &Node| {
        option.text().is_none_or(|text| text.starts_with("no-new-privileges") || text.contains('$'))
    };
    match &options.value {
        Value::Null => false,
        Value::Sequence(options) => options.iter().any(mentions),
        _ => true,
    }
}

fn addition(service: &str, body: &Node) -> Edit {
    let mut path = service_path(service, "security_opt");
    let count = body.get("security_opt").map(Node::items).unwrap_or_default().len();
    let option = "no-new-privileges:true";
    if count == 0 {
        return Edit::SetKey { path, value: json!([option]) };
    }
    path.push(count.to_string());
    Edit::SetKey { path, value: option.into() }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none};

    const CODE: &str = "new-privileges";

    fn stack(lines: &str) -> String {
        format!("services:\n  app:\n    image: app:1\n{lines}")
    }

    #[test]
    fn the_option_is_added_beside_others() {
        assert_eq!(fixed(&stack(""), CODE), stack("    security_opt:\n      - no-new-privileges:true\n"));
        assert_eq!(
            fixed(&stack("    security_opt:\n      - label:type:x\n"), CODE),
            stack("    security_opt:\n      - label:type:x\n      - no-new-privileges:true\n")
        );
    }

    #[test]
    fn a_decision_either_way_is_respected() {
        for option in ["no-new-privileges", "no-new-privileges:false", "no-new-privileges=true", "${OPTION}"]
        {
            none(&stack(&format!("    security_opt: [\"{option}\"]\n")), CODE);
        }
        none(&stack("    privileged: true\n"), CODE);
        none(&stack("    extends: {file: base.yml, service: app}\n"), CODE);
    }
}
