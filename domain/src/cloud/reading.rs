//! Reads the parts of a request body and collects what is wrong, with the path of each value. Unknown keys are ignored.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::Secret;
use crate::api::FieldError;

/// The longest credential in characters: enough for a service account key in JSON.
pub const LONGEST_SECRET: usize = 8192;

/// The part of a body that is read.
#[derive(Clone, Copy)]
pub(super) struct Part<'b> {
    /// Empty for the body itself.
    pub name: &'static str,
    pub keys: &'b Map<String, Value>,
}

impl<'b> Part<'b> {
    /// A value that is there and is not null.
    fn value(self, key: &str) -> Option<&'b Value> {
        self.keys.get(key).filter(|value| !value.is_null())
    }

    fn path(self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

#[derive(Default)]
pub(super) struct Reading {
    errors: Vec<FieldError>,
}

impl Reading {
    pub fn wrong(&mut self, field: &str, message: &str) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    }

    /// The value that was read, if nothing was wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }

    /// The body itself.
    pub fn body(body: &Value) -> Result<Part<'_>, Vec<FieldError>> {
        match body {
            Value::Object(keys) => Ok(Part { name: "", keys }),
            _ => Err(vec![FieldError { field: String::new(), message: "must be an object".to_owned() }]),
        }
    }

    /// A part that has to be there.
    pub fn part<'b>(&mut self, body: Part<'b>, name: &'static str) -> Option<Part<'b>> {
        match body.keys.get(name) {
            Some(Value::Object(keys)) => return Some(Part { name, keys }),
            None => self.wrong(name, "is required"),
            Some(_) => self.wrong(name, "must be an object"),
        }
        None
    }

    /// A part that may be absent or null.
    pub fn optional_part<'b>(&mut self, body: Part<'b>, name: &'static str) -> Option<Part<'b>> {
        body.value(name)?;
        self.part(body, name)
    }

    pub fn text(&mut self, part: Part<'_>, key: &str) -> Option<String> {
        match part.value(key)? {
            Value::String(text) if text.contains('\0') => {
                self.wrong(&part.path(key), "must not contain the character NUL");
                None
            }
            Value::String(text) => Some(text.clone()),
            _ => {
                self.wrong(&part.path(key), "must be a text");
                None
            }
        }
    }

    /// A text with `least` to `most` characters.
    pub fn text_of(&mut self, part: Part<'_>, key: &str, least: usize, most: usize) -> Option<String> {
        let text = self.text(part, key)?;
        if !(least..=most).contains(&text.chars().count()) {
            self.wrong(&part.path(key), &format!("must have {least} to {most} characters"));
        }
        Some(text)
    }

    pub fn text_up_to(&mut self, part: Part<'_>, key: &str, most: usize) -> Option<String> {
        let text = self.text(part, key)?;
        if text.chars().count() > most {
            self.wrong(&part.path(key), &format!("must have at most {most} characters"));
        }
        Some(text)
    }

    /// A name that people give. One that is blank counts as absent.
    pub fn name(&mut self, part: Part<'_>, most: usize) -> Option<String> {
        let name = self.text_up_to(part, "name", most)?;
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    pub fn secret(&mut self, part: Part<'_>, key: &str) -> Option<Secret> {
        self.text_up_to(part, key, LONGEST_SECRET).map(Secret::new)
    }

    pub fn number(&mut self, part: Part<'_>, key: &str) -> Option<i32> {
        let number = part.value(key)?.as_i64().and_then(|number| i32::try_from(number).ok());
        if number.is_none() {
            self.wrong(&part.path(key), "must be a whole number");
        }
        number
    }

    pub fn flag(&mut self, part: Part<'_>, key: &str) -> Option<bool> {
        let flag = part.value(key)?.as_bool();
        if flag.is_none() {
            self.wrong(&part.path(key), "must be true or false");
        }
        flag
    }

    pub fn required(&mut self, part: Part<'_>, key: &str) {
        if part.value(key).is_none() {
            self.wrong(&part.path(key), "is required");
        }
    }

    pub fn host(&mut self, body: Part<'_>) -> Option<Uuid> {
        let id = body.value("host")?.as_str().and_then(|host| Uuid::try_parse(host).ok());
        if id.is_none() {
            self.wrong("host", "must be the id of a host");
        }
        id
    }

    /// A list whose items are all read by `item`; `wrong` says what they have to be.
    pub fn list<T>(
        &mut self,
        part: Part<'_>,
        key: &str,
        wrong: &str,
        item: fn(&Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = part.value(key)?.as_array().and_then(|items| items.iter().map(item).collect());
        if items.is_none() {
            self.wrong(&part.path(key), wrong);
        }
        items
    }
}
