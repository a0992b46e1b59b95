//! Masks the values that a command brought for variables in every text that is reported: messages of compose and of the
//! checks can repeat a part of the file.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{failure::Failure, outcome::CommandOutcome};

/// Shorter values are words and numbers of ordinary messages.
const SHORTEST: usize = 6;
const MASK: &str = "[redacted]";

#[derive(Clone, Default)]
pub struct Hidden {
    /// The longest first, because a value may contain another.
    values: Vec<String>,
}

impl Hidden {
    /// The values in the parameters of a command.
    pub fn of(parameters: &Value) -> Self {
        let all = ["variables", "env_vars"].into_iter().filter_map(|key| parameters.get(key)?.as_object());
        let texts = all.flat_map(|values| values.values()).filter_map(Value::as_str);
        // A value over several lines is reported line by line.
        let lines = texts.flat_map(|text| text.lines().chain([text]));
        let values: BTreeSet<&str> = lines.map(str::trim).filter(|line| line.len() >= SHORTEST).collect();
        let mut values: Vec<String> = values.into_iter().map(str::to_owned).collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    pub fn mask(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for value in self.values.iter().filter(|value| !value.is_empty()) {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), MASK);
            }
        }
        text
    }

    /// Masks the texts for people: messages and warnings. The rest of a result has names, states and hashes.
    pub fn mask_outcome(&self, outcome: CommandOutcome) -> CommandOutcome {
        let failure =
            outcome.failure.map(|failure| Failure { message: self.mask(&failure.message), ..failure });
        let result = outcome.result.map(|mut result| {
            self.mask_texts(&mut result, false);
            result
        });
        CommandOutcome { result, failure }
    }

    fn mask_texts(&self, value: &mut Value, is_text: bool) {
        match value {
            Value::String(text) if is_text => *text = self.mask(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask_texts(item, is_text)),
            Value::Object(entries) => {
                for (key, value) in entries {
                    self.mask_texts(
                        value,
                        is_text || matches!(key.as_str(), "message" | "warnings" | "output"),
                    );
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_value_of_a_command_is_in_what_is_said_about_it() {
        let parameters = json!({"variables": {"A": "hunter22", "B": "hunter22-longer", "C": "80", "D": "line one\nline two"}});
        let hidden = Hidden::of(&parameters);
        assert_eq!(hidden.mask("`hunter22-longer:80` and hunter22"), "`[redacted]:80` and [redacted]");
        assert_eq!(hidden.mask("it said: line two"), "it said: [redacted]");
        let outcome = CommandOutcome {
            result: Some(
                json!({"plan": {"warnings": ["hunter22"], "services": [{"image": "a:hunter22"}]}, "message": "hunter22"}),
            ),
            failure: Some(Failure::new("invalid-file", "no port: hunter22")),
        };
        let masked = hidden.mask_outcome(outcome);
        assert_eq!(masked.failure.unwrap().message, "no port: [redacted]");
        let expected = json!({"plan": {"warnings": ["[redacted]"], "services": [{"image": "a:hunter22"}]}, "message": "[redacted]"});
        assert_eq!(masked.result, Some(expected));
    }
}
