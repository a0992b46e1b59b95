//! Replaces the variables of a document by their values, as compose does
//! (<https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md>), so that compose has none left to replace.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::compose::{
    scalar,
    variables::{Fallback, Piece, pieces},
    yaml::{Node, Value},
};

/// The maximum nesting of defaults inside defaults.
const DEEPEST: usize = 16;
/// The maximum length of a result. One value may be used in many places, so results can grow quickly.
const LONGEST: usize = 64 * 1024;

/// Keys for which the engine requires a boolean or a number, although a variable yields text.
const TYPED: &[&str] = &[
    "privileged",
    "read_only",
    "tty",
    "stdin_open",
    "init",
    "external",
    "internal",
    "attachable",
    "enable_ipv6",
    "disable",
    "required",
    "nocopy",
    "create_host_path",
    "oom_kill_disable",
    "oom_score_adj",
    "retries",
    "replicas",
    "scale",
    "cpu_count",
    "cpu_percent",
    "cpu_shares",
    "mem_swappiness",
    "pids_limit",
    "pids",
    "soft",
    "hard",
    "priority",
    "target",
    "privileged",
    "mode",
];

pub struct Interpolation<'a> {
    pub variables: &'a BTreeMap<String, String>,
    pub problems: Vec<String>,
    /// Variables without a value or a default; they were replaced by empty text.
    pub unset: BTreeSet<String>,
    /// Variables without the value that they require, with the message that the file gives for it.
    pub required: BTreeMap<String, String>,
}

impl<'a> Interpolation<'a> {
    pub fn new(variables: &'a BTreeMap<String, String>) -> Self {
        Self { variables, problems: Vec::new(), unset: BTreeSet::new(), required: BTreeMap::new() }
    }

    pub fn document(&mut self, node: &Node) -> Json {
        self.value(node, "")
    }

    fn value(&mut self, node: &Node, key: &str) -> Json {
        match &node.value {
            Value::String(text) if text.contains('$') => {
                let text = self.text(text, 0);
                match scalar::resolve(&text) {
                    Value::Bool(flag) if TYPED.contains(&key) => flag.into(),
                    number @ Value::Integer(_) if TYPED.contains(&key) => {
                        Node { value: number, ..Node::default() }.to_json()
                    }
                    _ => text.into(),
                }
            }
            Value::Sequence(items) => items.iter().map(|item| self.value(item, key)).collect(),
            Value::Mapping(entries) => Json::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), self.value(&entry.value, &entry.key)))
                    .collect::<Map<_, _>>(),
            ),
            _ => node.to_json(),
        }
    }

    /// One text with its variables replaced. `$$` becomes a single dollar sign.
    pub fn scalar(&mut self, text: &str) -> String {
        self.text(text, 0)
    }

    fn text(&mut self, text: &str, depth: usize) -> String {
        let mut out = String::new();
        if depth > DEEPEST {
            self.problem(format!("`{text}`: variables are nested too deeply"));
            return out;
        }
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Invalid(part) => {
                    self.problem(format!("`{part}` isn't a variable; write `$$` for a dollar sign"))
                }
                Piece::Variable { name, fallback } => {
                    let value = self.variable(text, name, &fallback, depth);
                    out.push_str(&value);
                }
            }
            if out.len() > LONGEST {
                self.problem("a value is too long once its variables are inserted".to_owned());
                return String::new();
            }
        }
        out
    }

    fn variable(&mut self, text: &str, name: &str, fallback: &Fallback, depth: usize) -> String {
        // With `:` before the operator, a variable that is set but empty counts as unset.
        let end = (name.as_ptr() as usize + name.len()).saturating_sub(text.as_ptr() as usize);
        let empty_is_unset = text.get(end..).is_some_and(|rest| rest.starts_with(':'));
        let value = self.variables.get(name).filter(|value| !(empty_is_unset && value.is_empty())).cloned();
        match (value, fallback) {
            (Some(_), Fallback::Alternative(other)) => self.text(other, depth + 1),
            (None, Fallback::Alternative(_)) => String::new(),
            (Some(value), _) => value,
            (None, Fallback::Default(default)) => self.text(default, depth + 1),
            (None, Fallback::None) => {
                self.unset.insert(name.to_owned());
                String::new()
            }
            (None, Fallback::Required(message)) => {
                let why = if message.is_empty() { String::new() } else { format!(": {message}") };
                self.problem(format!("the variable `{name}` needs a value{why}"));
                self.required.entry(name.to_owned()).or_insert_with(|| message.clone());
                String::new()
            }
        }
    }

    fn problem(&mut self, problem: String) {
        if self.problems.len() < 20 && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stack::Stack;

    fn document(text: &str, variables: &[(&str, &str)]) -> Result<Json, Vec<String>> {
        let stack = Stack::read(text);
        let variables =
            variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let mut interpolation = Interpolation::new(&variables);
        let document = interpolation.document(&stack.model().root);
        if interpolation.problems.is_empty() { Ok(document) } else { Err(interpolation.problems) }
    }

    #[test]
    fn every_form_of_a_variable_gets_its_value() {
        let text =
            "a: ${A}\nb: ${B:-b}\nc: ${C-c}\nd: ${C:-d}\ne: ${A:+e}\nf: $$A\ng: ${X:-${A}${Y:-y}}\nh: ${X}\n";
        assert_eq!(
            document(text, &[("A", "1"), ("C", "")]).unwrap(),
            json!({"a": "1", "b": "b", "c": "", "d": "d", "e": "e", "f": "$A", "g": "1y", "h": ""})
        );
    }

    #[test]
    fn a_value_is_not_looked_at_again() {
        assert_eq!(document("a: ${A}\n", &[("A", "${B}$$")]).unwrap(), json!({"a": "${B}$$"}));
    }

    #[test]
    fn switches_are_switches_again() {
        assert_eq!(
            document("privileged: ${P}\nlabel: ${P}\n", &[("P", "true")]).unwrap(),
            json!({"privileged": true, "label": "true"})
        );
    }

    #[test]
    fn what_is_missing_or_broken_is_said() {
        assert_eq!(
            document("a: ${A:?set it}\n", &[]).unwrap_err(),
            ["the variable `A` needs a value: set it"]
        );
        assert!(document("a: ${A\n", &[]).is_err());
    }

    #[test]
    fn leading_zeros_mean_what_they_mean_to_compose() {
        assert_eq!(
            document("mode: 0440\nZIP: 01234\nTEXT: '01234'\n", &[]).unwrap(),
            json!({"mode": 288, "ZIP": 668, "TEXT": "01234"})
        );
    }
}
