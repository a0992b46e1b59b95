//! Projects as the form that existing clients send.

use domain::{
    access::Caller,
    api::{FieldError, Project},
    form::{self, Form},
    stack::Stack,
};
use serde_json::Value;

use super::{
    Projects,
    content::{compute, content_of},
    error::ProjectError,
    name::ProjectName,
    write::Origin,
};

impl Projects {
    /// Converts the form to a compose file once; from then on the text is the source of truth.
    pub async fn create_from_form(&self, caller: &Caller, body: Value) -> Result<Project, ProjectError> {
        let limit = self.max_compose_bytes();
        let content = compute(move || {
            let form = parse(&body)?;
            let stack = form::to_stack(&form).map_err(invalid)?;
            let request = form::without_credentials(body);
            content_of(ProjectName::parse(form.name())?, &stack, Some(form::extras(&form)), request, limit)
        })
        .await?;
        Ok(self.create(caller, content, Origin::default()).await?.into_project())
    }

    /// Applies the changes of the form as edits; what a form cannot express stays unchanged.
    pub async fn update_from_form(
        &self,
        caller: &Caller,
        id: i32,
        body: Value,
        expected: Option<i32>,
    ) -> Result<Project, ProjectError> {
        let limit = self.max_compose_bytes();
        let (changed, ()) = self
            .change(caller, id, expected, move |stored| {
                let form = parse(&body)?;
                let before = &stored.content;
                let stack = Stack::read(&before.compose).with_canvas(before.canvas.clone());
                let stack = form::update(&stack, before.form_extras.as_ref(), &form).map_err(invalid)?;
                let request = form::without_credentials(body);
                let name = ProjectName::parse(form.name())?;
                Ok((content_of(name, &stack, Some(form::extras(&form)), request, limit)?, ()))
            })
            .await?;
        Ok(changed.into_project())
    }
}

fn parse(body: &Value) -> Result<Form, ProjectError> {
    let mut path = String::new();
    if holds_nul(body, &mut path) {
        let message = "holds a NUL character, which no text here may".to_owned();
        return Err(invalid(vec![FieldError { field: path, message }]));
    }
    Form::parse(body).map_err(invalid)
}

fn invalid(errors: Vec<FieldError>) -> ProjectError {
    ProjectError::Invalid { errors }
}

/// Whether a text contains a NUL character, which PostgreSQL cannot store. If so, `path` ends as the path to that text.
fn holds_nul(value: &Value, path: &mut String) -> bool {
    let length = path.len();
    let found = match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().enumerate().any(|(index, item)| {
            path.truncate(length);
            path.push_str(&format!("[{index}]"));
            holds_nul(item, path)
        }),
        Value::Object(entries) => entries.iter().any(|(key, value)| {
            path.truncate(length);
            let separator = if length == 0 { "" } else { "." };
            path.push_str(&format!("{separator}{}", key.replace('\0', "\u{fffd}")));
            key.contains('\0') || holds_nul(value, path)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    };
    if !found {
        path.truncate(length);
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_nul_character_is_found_wherever_it_is() {
        let body = json!({"a": 1, "custom": {"web": [{"name": "x"}, {"name": "y\0"}]}});
        let Err(ProjectError::Invalid { errors }) = parse(&body) else { panic!("it was not found") };
        assert_eq!(errors[0].field, "custom.web[1].name");
        assert!(!holds_nul(&json!({"a": ["b", {"c": null}]}), &mut String::new()));
    }
}
