//! Requests that cost more than others, or are worth more to an attacker. They count a second time, with their own quota.

use axum::http::Method;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Costly {
    /// Runs of the rule engine, on a text of up to a mebibyte.
    Checks,
    /// New credentials for programs.
    Credentials,
    /// Codes and tokens with which agents are let in.
    Enrolments,
    /// Questions to registries, which limit this server as a whole.
    LookUps,
    /// Callbacks that people send, to addresses that they chose.
    Calls,
}

impl Costly {
    /// Recognizes REST requests by the pattern of their route, and server functions by their path.
    pub fn of(method: &Method, route: &str) -> Option<Self> {
        let changes = matches!(*method, Method::POST | Method::PUT);
        match route {
            "/dockerhub/namespaces"
            | "/dockerhub/{namespace}/repositories"
            | "/dockerhub/{namespace}/repositories/{repository}/tags"
            | "/project/{id}/images/check"
            | "/rpc/deployments/images"
            | "/rpc/images/look-up"
            | "/rpc/images/tags" => Some(Self::LookUps),
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
            "/api/v1/callbacks/{id}/test"
            | "/api/v1/callbacks/{id}/deliveries/{delivery_id}/redeliver"
            | "/rpc/callbacks/test"
            | "/rpc/callbacks/redeliver" => Some(Self::Calls),
            _ => None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Checks => "too-many-checks",
            Self::Credentials => "too-many-credentials",
            Self::Enrolments => "too-many-enrolments",
            Self::LookUps => "too-many-look-ups",
            Self::Calls => "too-many-calls",
        }
    }

    /// The clause of the error message that says what there was too much of.
    pub fn excess(self) -> &'static str {
        match self {
            Self::Checks => "too many checks by your account in a short time",
            Self::Credentials => "too many tokens and clients created by your account in a short time",
            Self::Enrolments => "too many hosts and codes created by your account in a short time",
            Self::LookUps => "too many questions to registries by your account in a short time",
            Self::Calls => "too many callbacks sent by your account in a short time",
        }
    }
}
