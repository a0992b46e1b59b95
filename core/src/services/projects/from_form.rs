//! Projects as the form that existing clients send.

use domain::{
    access::Caller,
    api::{FieldError, Project},
    form::{self, Form},
};
use serde_json::Value;

use super::{
    Projects,
    content::{compute, content_of, stack_of},
    error::ProjectError,
    name::ProjectName,
    write::Origin,
};

impl Projects {
    /// Converts the form to a compose file once; from then on the text is the source of truth.
    pub async fn create_from_form(&self, caller: &Caller, body: Value) -> Result<Project, ProjectError> {
        let limit = self.max_compose_bytes();
        let content = compute(move || {
            let form = Form::parse(&body).map_err(invalid)?;
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
                let form = Form::parse(&body).map_err(invalid)?;
                let before = &stored.content;
                let stack =
                    form::update(&stack_of(before), before.form_extras.as_ref(), &form).map_err(invalid)?;
                let request = form::without_credentials(body);
                let name = ProjectName::parse(form.name())?;
                Ok((content_of(name, &stack, Some(form::extras(&form)), request, limit)?, ()))
            })
            .await?;
        Ok(changed.into_project())
    }
}

fn invalid(errors: Vec<FieldError>) -> ProjectError {
    ProjectError::Invalid { errors }
}
