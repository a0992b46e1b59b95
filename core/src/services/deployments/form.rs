//! The body of `POST /project/{id}/deploy`, as existing clients send it.
//!
//! Only the provider's name leaves this file from `cloud`: credentials are neither stored nor returned.

use domain::api::FieldError;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::DeploymentError;

/// The part of the form that a deployment needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployForm {
    /// `own`, or the name of a cloud.
    pub provider: String,
    pub host: Option<Uuid>,
}

impl DeployForm {
    /// The form for our own pages, which send only a host.
    pub fn to_host(host: Uuid) -> Self {
        Self { provider: OWN.to_owned(), host: Some(host) }
    }

    /// Whether the target is a host of the user. As for existing clients and the installer, any name that contains `own` counts.
    pub fn is_own(&self) -> bool {
        self.provider.contains(OWN)
    }

    /// `stack`, `server` and `cloud` are required unless a host is named.
    pub fn parse(body: &Value) -> Result<Self, DeploymentError> {
        let mut reading = Reading::default();
        let Some(body) = body.as_object() else {
            reading.wrong("", "must be an object");
            return Err(DeploymentError::Invalid { errors: reading.errors });
        };
        let host = reading.host(body);
        let optional = body.get("host").is_some_and(|host| !host.is_null());
        if let Some(stack) = reading.part(body, "stack", optional) {
            reading.stack(stack);
        }
        if let Some(server) = reading.part(body, "server", optional) {
            reading.server(server);
        }
        let provider = reading.part(body, "cloud", optional).and_then(|cloud| reading.cloud(cloud));
        if !reading.errors.is_empty() {
            return Err(DeploymentError::Invalid { errors: reading.errors });
        }
        Ok(Self { provider: provider.unwrap_or_else(|| OWN.to_owned()), host })
    }
}

/// The provider name that stands for a host of the user.
const OWN: &str = "own";

#[derive(Default)]
struct Reading {
    errors: Vec<FieldError>,
}

impl Reading {
    fn wrong(&mut self, field: &str, message: &str) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    }

    fn host(&mut self, body: &Map<String, Value>) -> Option<Uuid> {
        let host = body.get("host").filter(|host| !host.is_null())?;
        let id = host.as_str().and_then(|host| Uuid::try_parse(host).ok());
        if id.is_none() {
            self.wrong("host", "must be the id of a host");
        }
        id
    }

    fn part<'b>(
        &mut self,
        body: &'b Map<String, Value>,
        name: &str,
        optional: bool,
    ) -> Option<&'b Map<String, Value>> {
        match body.get(name) {
            Some(Value::Object(part)) => return Some(part),
            None | Some(Value::Null) if optional => {}
            None => self.wrong(name, "is required"),
            Some(_) => self.wrong(name, "must be an object"),
        }
        None
    }

    fn stack(&mut self, stack: &Map<String, Value>) {
        self.text(stack, "stack", "stack_code", Some((2, 255)));
        self.list(stack, "vars", "must be a list of objects", Value::is_object);
        self.list(stack, "integrated_features", "must be a list", |_| true);
        self.list(stack, "extended_features", "must be a list", |_| true);
        self.list(stack, "subscriptions", "must be a list of texts", Value::is_string);
        self.list(stack, "form_app", "must be a list of texts", Value::is_string);
    }

    fn server(&mut self, server: &Map<String, Value>) {
        for name in ["region", "zone", "server", "os", "disk_type", "srv_ip", "ssh_user"] {
            self.text(server, "server", name, None);
        }
        self.number(server, "server", "ssh_port");
    }

    /// Checks the texts of `cloud` and returns the name of the provider.
    fn cloud(&mut self, cloud: &Map<String, Value>) -> Option<String> {
        for name in ["user_id", "cloud_token", "cloud_key", "cloud_secret"] {
            self.text(cloud, "cloud", name, None);
        }
        self.number(cloud, "cloud", "project_id");
        if cloud.get("save_token").is_some_and(|value| !value.is_null() && !value.is_boolean()) {
            self.wrong("cloud.save_token", "must be true or false");
        }
        let provider = self.text(cloud, "cloud", "provider", Some((2, 50)));
        if cloud.get("provider").is_none_or(Value::is_null) {
            self.wrong("cloud.provider", "is required");
        }
        provider.map(str::to_owned)
    }

    fn text<'b>(
        &mut self,
        part: &'b Map<String, Value>,
        of: &str,
        name: &str,
        length: Option<(usize, usize)>,
    ) -> Option<&'b str> {
        let field = format!("{of}.{name}");
        match part.get(name)? {
            Value::Null => None,
            Value::String(text) => {
                let characters = text.chars().count();
                if let Some((least, most)) = length
                    && !(least..=most).contains(&characters)
                {
                    self.wrong(&field, &format!("must have {least} to {most} characters"));
                }
                Some(text)
            }
            _ => {
                self.wrong(&field, "must be a text");
                None
            }
        }
    }

    fn number(&mut self, part: &Map<String, Value>, of: &str, name: &str) {
        let Some(value) = part.get(name).filter(|value| !value.is_null()) else { return };
        if value.as_i64().is_none_or(|number| i32::try_from(number).is_err()) {
            self.wrong(&format!("{of}.{name}"), "must be a whole number");
        }
    }

    fn list(&mut self, stack: &Map<String, Value>, name: &str, wrong: &str, is_right: fn(&Value) -> bool) {
        let Some(value) = stack.get(name).filter(|value| !value.is_null()) else { return };
        if value.as_array().is_none_or(|items| !items.iter().all(is_right)) {
            self.wrong(&format!("stack.{name}"), wrong);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(body: &Value) -> Vec<String> {
        match DeployForm::parse(body) {
            Err(DeploymentError::Invalid { errors }) => errors.into_iter().map(|error| error.field).collect(),
            Err(other) => panic!("{other}"),
            Ok(_) => Vec::new(),
        }
    }

    #[test]
    fn a_body_of_old_names_its_provider() {
        let body = json!({"stack": {"stack_code": "shop", "vars": [], "form_app": null}, "server": {"ssh_port": 22},
            "cloud": {"provider": "own", "cloud_token": "s3cret", "save_token": false}, "commonDomain": "x"});
        assert_eq!(DeployForm::parse(&body).unwrap(), DeployForm { provider: "own".to_owned(), host: None });
        let cloud = json!({"stack": {}, "server": {}, "cloud": {"provider": "htz"}});
        assert!(!DeployForm::parse(&cloud).unwrap().is_own());
        let named = json!({"stack": {}, "server": {}, "cloud": {"provider": "own_server"}});
        assert!(DeployForm::parse(&named).unwrap().is_own());
    }

    #[test]
    fn with_a_host_nothing_else_is_needed() {
        let host = Uuid::from_u128(7);
        assert_eq!(DeployForm::parse(&json!({"host": host})).unwrap(), DeployForm::to_host(host));
        assert_eq!(fields(&json!({"host": host, "cloud": {"provider": "x"}})), ["cloud.provider"]);
        assert_eq!(fields(&json!({"host": "here"})), ["host"]);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        assert_eq!(fields(&json!([])), [""]);
        assert_eq!(fields(&json!({})), ["stack", "server", "cloud"]);
        let wrong = json!({"stack": {"stack_code": "x", "vars": [1], "form_app": [1], "subscriptions": "x"},
            "server": {"region": 1, "ssh_port": 1e9}, "cloud": {"save_token": "yes", "cloud_key": 1}});
        assert_eq!(
            fields(&wrong),
            [
                "stack.stack_code",
                "stack.vars",
                "stack.subscriptions",
                "stack.form_app",
                "server.region",
                "server.ssh_port",
                "cloud.cloud_key",
                "cloud.save_token",
                "cloud.provider"
            ]
        );
    }
}
