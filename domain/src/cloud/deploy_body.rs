//! The body of `POST /project/{id}/deploy` and `POST /project/{id}/deploy/{cloud_id}`, as existing clients send it.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use uuid::Uuid;

use super::{
    CloudBody, OWN, ServerBody, is_own,
    reading::{Part, Reading},
};
use crate::api::FieldError;

/// `stack`, `server` and `cloud` are required unless a host is named.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeployBody {
    /// One of the user's own hosts: not known to existing clients.
    pub host: Option<Uuid>,
    pub stack: StackPart,
    pub server: ServerBody,
    pub cloud: CloudBody,
    /// `commonDomain`, in `stack` or beside it. Existing clients send it, and 0.2.1 ignored it; so anything that is no
    /// text counts as absent.
    #[cfg_attr(feature = "openapi", schema(rename = "commonDomain"))]
    pub common_domain: Option<String>,
}

/// `stack` of a deployment: it goes into the install message as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackPart {
    pub stack_code: Option<String>,
    /// The contents are discarded: 0.2.1 sent `{}` for each.
    pub vars: Option<Vec<EmptyObject>>,
    pub integrated_features: Option<Vec<Value>>,
    pub extended_features: Option<Vec<Value>>,
    pub subscriptions: Option<Vec<String>>,
    pub form_app: Option<Vec<String>>,
}

/// `{}`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmptyObject {}

impl Serialize for EmptyObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}

impl DeployBody {
    /// What our own pages send for one of the user's hosts.
    pub fn to_host(host: Uuid) -> Self {
        Self { host: Some(host), ..Self::own() }
    }

    /// The provider `own`, without a host.
    pub fn own() -> Self {
        Self {
            host: None,
            stack: StackPart::default(),
            server: ServerBody::default(),
            cloud: CloudBody { provider: OWN.to_owned(), ..CloudBody::default() },
            common_domain: None,
        }
    }

    /// Whether the target is a host of the user.
    pub fn is_own(&self) -> bool {
        is_own(&self.cloud.provider)
    }

    pub fn parse(body: &Value) -> Result<Self, Vec<FieldError>> {
        let body = Reading::body(body)?;
        let mut reading = Reading::default();
        let host = reading.host(body);
        let named = body.keys.get("host").is_some_and(|host| !host.is_null());
        let part = |reading: &mut Reading, name: &'static str| {
            if named { reading.optional_part(body, name) } else { reading.part(body, name) }
        };
        let stack = part(&mut reading, "stack");
        let common_domain = common_domain(body).or_else(|| stack.and_then(common_domain));
        let stack = stack.map(|stack| StackPart::read(stack, &mut reading)).unwrap_or_default();
        let server = part(&mut reading, "server");
        let server = server.map(|server| ServerBody::read(server, &mut reading)).unwrap_or_default();
        let cloud = part(&mut reading, "cloud").map(|cloud| CloudBody::read(cloud, &mut reading));
        let cloud = cloud.unwrap_or_else(|| CloudBody { provider: OWN.to_owned(), ..CloudBody::default() });
        reading.finish(Self { host, stack, server, cloud, common_domain })
    }
}

impl StackPart {
    fn read(part: Part<'_>, reading: &mut Reading) -> Self {
        let object = |value: &Value| value.is_object().then_some(EmptyObject {});
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let any = |value: &Value| Some(value.clone());
        Self {
            stack_code: reading.text_of(part, "stack_code", 2, 255),
            vars: reading.list(part, "vars", "must be a list of objects", object),
            integrated_features: reading.list(part, "integrated_features", "must be a list", any),
            extended_features: reading.list(part, "extended_features", "must be a list", any),
            subscriptions: reading.list(part, "subscriptions", "must be a list of texts", text),
            form_app: reading.list(part, "form_app", "must be a list of texts", text),
        }
    }
}

/// The longest domain name in characters (RFC 1035).
const LONGEST_DOMAIN: usize = 253;

fn common_domain(part: Part<'_>) -> Option<String> {
    let domain = part.keys.get("commonDomain")?.as_str()?.trim();
    let fits =
        !domain.is_empty() && domain.chars().count() <= LONGEST_DOMAIN && !domain.contains(char::is_control);
    fits.then(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(body: &Value) -> Vec<String> {
        let errors = DeployBody::parse(body).err().unwrap_or_default();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_body_of_old_names_its_provider() {
        let body = json!({"stack": {"stack_code": "shop", "vars": [], "form_app": null}, "server": {"ssh_port": 22},
            "cloud": {"provider": "own", "cloud_token": "s3cret", "save_token": false}, "commonDomain": "x"});
        let read = DeployBody::parse(&body).unwrap();
        assert_eq!((read.host, read.cloud.provider.as_str()), (None, "own"));
        let cloud = json!({"stack": {}, "server": {}, "cloud": {"provider": "htz"}});
        assert!(!DeployBody::parse(&cloud).unwrap().is_own());
        let named = json!({"stack": {}, "server": {}, "cloud": {"provider": "own_server"}});
        assert!(DeployBody::parse(&named).unwrap().is_own());
    }

    #[test]
    fn with_a_host_nothing_else_is_needed() {
        let host = Uuid::from_u128(7);
        assert_eq!(DeployBody::parse(&json!({"host": host})).unwrap(), DeployBody::to_host(host));
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

    #[test]
    fn the_texts_of_errors_are_those_that_clients_know() {
        let body = json!({"stack": {"stack_code": "x"}, "server": 1, "cloud": {"provider": null}});
        let errors = DeployBody::parse(&body).unwrap_err();
        let said: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(said, ["must have 2 to 255 characters", "must be an object", "is required"]);
    }

    #[test]
    fn the_contents_of_vars_are_discarded() {
        let body = json!({"stack": {"vars": [{"name": "A", "value": "1"}, {}]}, "server": {}, "cloud": {"provider": "htz"}});
        let stack = DeployBody::parse(&body).unwrap().stack;
        assert_eq!(serde_json::to_value(stack).unwrap()["vars"], json!([{}, {}]));
    }

    #[test]
    fn the_domain_is_found_in_either_place() {
        let of = |beside: Value, inside: Value| {
            let body = json!({"stack": {"commonDomain": inside}, "server": {}, "cloud": {"provider": "htz"},
                "commonDomain": beside});
            DeployBody::parse(&body).unwrap().common_domain
        };
        assert_eq!(of(json!(""), json!("shop.example.com")).as_deref(), Some("shop.example.com"));
        assert_eq!(of(json!("a.example.com"), Value::Null).as_deref(), Some("a.example.com"));
        assert_eq!(of(json!(7), json!({})), None);
    }
}
