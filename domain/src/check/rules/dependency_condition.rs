//! Conditions of dependencies that compose does not know.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::Condition,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("dependency-condition")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        for dependency in &service.depends_on {
            let Some(unknown) = &dependency.unknown_condition else { continue };
            let Some(word) = input.judged(&unknown.value) else { continue };
            let known = [Condition::Started, Condition::Healthy, Condition::Completed].map(Condition::as_str);
            let message = format!(
                "`condition` can't be `{}`. Use `{}`.{}",
                word,
                known.join("`, `"),
                input.guess(&word, known.into_iter())
            );
            // People commonly use words like these for the conditions.
            let condition = match word.as_ref() {
                word if word.contains("health") => Condition::Healthy,
                word if word.contains("complete") => Condition::Completed,
                _ => Condition::Started,
            };
            let edit = Edit::AddDependency {
                service: service.name.clone(),
                on: dependency.service.clone(),
                condition,
            };
            let mut finding = input.finding("dependency-condition", Severity::Error, unknown.place, message);
            // An edit would replace the variable.
            if !unknown.value.contains('$') {
                finding = finding.with_fix(format!("Use `{}`", condition.as_str()), edit);
            }
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    #[test]
    fn the_condition_that_was_meant_is_offered() {
        let text = "services:\n  web:\n    image: a:1\n    depends_on:\n      db:\n        condition: healthy\n  db:\n    image: b:1\n";
        let finding = one(text, "dependency-condition");
        assert_eq!(marked(text, &finding), "healthy");
        assert!(fixed(text, "dependency-condition").contains("condition: service_healthy"));
    }

    #[test]
    fn the_default_of_a_variable_counts() {
        let text = "services:\n  web:\n    image: a:1\n    depends_on: {db: {condition: '${X:-bad}'}}\n  db:\n    image: b:1\n";
        let finding = one(text, "dependency-condition");
        assert!(finding.message.contains("`bad`") && finding.fix.is_none(), "{finding:?}");
        none(&text.replace("bad", "service_healthy"), "dependency-condition");
        one(&text.replace("bad", "service_healthy"), "healthy-without-check");
        none(&text.replace(":-bad", ""), "dependency-condition");
    }
}
