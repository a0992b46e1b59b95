//! The body of `PUT /server/{id}`, and `server` of a deployment.

use serde_json::Value;

use super::{
    cloud_body::LONGEST_NAME,
    reading::{Part, Reading},
};
use crate::api::FieldError;

/// A machine that the install service creates. A `PUT` replaces all of it: what is absent becomes null. The lengths are those
/// of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerBody {
    /// What the owner calls it.
    pub name: Option<String>,
    pub region: Option<String>,
    pub zone: Option<String>,
    /// The size, as the provider names it.
    pub server: Option<String>,
    pub os: Option<String>,
    pub disk_type: Option<String>,
    pub srv_ip: Option<String>,
    pub ssh_port: Option<i32>,
    pub ssh_user: Option<String>,
}

impl ServerBody {
    pub fn parse(body: &Value) -> Result<Self, Vec<FieldError>> {
        let part = Reading::body(body)?;
        let mut reading = Reading::default();
        let server = Self::read(part, &mut reading);
        reading.finish(server)
    }

    pub(super) fn read(part: Part<'_>, reading: &mut Reading) -> Self {
        let mut text = |key: &str, most: usize| reading.text_up_to(part, key, most);
        let region = text("region", 50);
        let zone = text("zone", 50);
        let server = text("server", 255);
        let os = text("os", 100);
        let disk_type = text("disk_type", 100);
        let srv_ip = text("srv_ip", 50);
        let ssh_user = text("ssh_user", 50);
        let ssh_port = reading.number(part, "ssh_port");
        let name = reading.name(part, LONGEST_NAME);
        Self { name, region, zone, server, os, disk_type, srv_ip, ssh_port, ssh_user }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_absent_becomes_null() {
        let server = ServerBody::parse(&json!({"region": "fsn1", "servers_count": 3})).unwrap();
        assert_eq!(server, ServerBody { region: Some("fsn1".to_owned()), ..ServerBody::default() });
    }

    #[test]
    fn texts_fit_their_columns() {
        let body = json!({"region": "r".repeat(51), "os": "o".repeat(100), "disk_type": "d".repeat(101), "ssh_port": 1.5});
        let errors = ServerBody::parse(&body).unwrap_err();
        let said: Vec<_> = errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect();
        assert_eq!(
            said,
            [
                "region must have at most 50 characters",
                "disk_type must have at most 100 characters",
                "ssh_port must be a whole number"
            ]
        );
    }
}
