//! What costs more than other requests, or is worth more to somebody who means harm.

use axum::http::Method;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dear {
    /// The rule engine, on a text of up to a mebibyte.
    Checks,
    /// What lets programs in.
    Credentials,
    /// What lets agents in.
    Enrolments,
}

impl Dear {
    /// By the route as the router knows it; server functions by their path.
    pub fn of(method: &Method, route: &str) -> Option<Self> {
        let changes = matches!(*method, Method::POST | Method::PUT);
        match route {
            _ if !changes => None,
            "/check" => Some(Self::Checks),
            "/api/v1/tokens"
            | "/client"
            | "/client/{id}"
            | "/apiclient"
            | "/rpc/access/create-token"
            | "/rpc/access/create-client"
            | "/rpc/access/change-client" => Some(Self::Credentials),
            "/api/v1/hosts"
            | "/api/v1/hosts/{id}/enrolment"
            | "/api/v1/hosts/{id}/rotate-token"
            | "/api/v1/deployments/{deployment_hash}/enrolment"
            | "/rpc/hosts/add"
            | "/rpc/hosts/new-code"
            | "/rpc/hosts/rotate-token" => Some(Self::Enrolments),
            _ => None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Checks => "too-many-checks",
            Self::Credentials => "too-many-credentials",
            Self::Enrolments => "too-many-enrolments",
        }
    }

    /// As a clause about what there was too much of.
    pub fn excess(self) -> &'static str {
        match self {
            Self::Checks => "too many checks by your account in a short time",
            Self::Credentials => "too many tokens and clients made by your account in a short time",
            Self::Enrolments => "too many hosts and codes made by your account in a short time",
        }
    }
}
