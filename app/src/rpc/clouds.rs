//! Clouds and servers: credentials for cloud providers, and deployments with them. Deleting a cloud is a plain form.

use std::collections::BTreeMap;

use domain::{
    api::DeployMeta,
    cloud::{CloudItem, KeyCheck, OfferedCloud, Offers, ServerItem},
    stack::SecretText,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::RpcError;

/// A cloud as its form sends it. A secret that is not named stays as it is; an empty one is removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudForm {
    pub name: String,
    pub provider: String,
    /// By their keys: `cloud_token`, `cloud_key`, `cloud_secret`.
    pub secrets: BTreeMap<String, SecretText>,
}

/// What a deployment to a cloud orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineForm {
    pub region: String,
    pub zone: String,
    pub size: String,
    pub os: String,
    pub disk_type: String,
    pub domain: String,
    pub ssh_user: String,
    pub ssh_port: Option<u16>,
}

/// What the page Clouds shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CloudLists {
    pub clouds: Vec<CloudItem>,
    pub servers: Vec<ServerItem>,
    /// Whether this server can deploy to clouds at all.
    pub has_broker: bool,
}

#[server(endpoint = "clouds/list", prefix = "/rpc")]
pub async fn list_clouds() -> Result<CloudLists, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let page = stacker::services::Page::default();
    Ok(CloudLists {
        clouds: services.clouds().list(&caller, page).await?.items,
        servers: services.servers().list(&caller, page).await?.items,
        has_broker: services.deployments().reaches_clouds(),
    })
}

/// Adds a cloud, with its secrets.
#[server(endpoint = "clouds/add", prefix = "/rpc", input = Json)]
pub async fn add_cloud(form: CloudForm) -> Result<CloudItem, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.clouds().create(&caller, &body_of(form)?).await?)
}

#[server(endpoint = "clouds/change", prefix = "/rpc", input = Json)]
pub async fn change_cloud(id: i32, form: CloudForm) -> Result<CloudItem, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.clouds().update(&caller, id, &body_of(form)?).await?)
}

/// Asks the provider whether the stored key is valid.
#[server(endpoint = "clouds/check", prefix = "/rpc")]
pub async fn check_cloud(id: i32) -> Result<KeyCheck, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.clouds().check(&caller, id).await?)
}

/// Shares a cloud with exactly these projects.
#[server(endpoint = "clouds/share", prefix = "/rpc", input = Json)]
pub async fn share_cloud(id: i32, projects: Vec<i32>) -> Result<CloudItem, RpcError> {
    let caller = super::caller()?;
    let projects = projects.into_iter().collect();
    Ok(super::services()?.clouds().share(&caller, id, &projects).await?)
}

/// The clouds that a project can be deployed with; none if this server does not reach any.
#[server(endpoint = "clouds/of-project", prefix = "/rpc")]
pub async fn clouds_of_project(project: i32) -> Result<Vec<OfferedCloud>, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let offered = services.clouds().offered(&caller, project).await?;
    Ok(if services.deployments().reaches_clouds() { offered } else { Vec::new() })
}

/// What the provider of a cloud offers, with prices where it reports them.
#[server(endpoint = "clouds/offers", prefix = "/rpc")]
pub async fn cloud_offers(project: i32, cloud: i32) -> Result<Offers, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.clouds().offers(&caller, project, cloud).await?)
}

/// Creates a machine in a cloud and deploys a project to it.
#[server(endpoint = "clouds/deploy", prefix = "/rpc", input = Json)]
pub async fn deploy_to_cloud(project: i32, cloud: i32, machine: MachineForm) -> Result<DeployMeta, RpcError> {
    let caller = super::caller()?;
    let body = deployment_of(machine)?;
    Ok(super::services()?.deployments().deploy_to_cloud(&caller, project, cloud, body).await?)
}

/// Reads the form as a body of the API, so that the same limits apply.
#[cfg(feature = "ssr")]
fn body_of(form: CloudForm) -> Result<domain::cloud::CloudBody, stacker::services::CloudError> {
    let CloudForm { name, provider, secrets } = form;
    let mut body = serde_json::json!({"name": name, "provider": provider.trim(), "save_token": true});
    for kind in domain::cloud::SecretKind::ALL {
        if let Some(secret) = secrets.get(kind.key()) {
            body[kind.key()] = secret.expose().into();
        }
    }
    domain::cloud::CloudBody::parse(&body).map_err(|errors| stacker::services::CloudError::Invalid { errors })
}

#[cfg(feature = "ssr")]
fn deployment_of(
    machine: MachineForm,
) -> Result<domain::cloud::DeployBody, stacker::services::DeploymentError> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let server = serde_json::json!({
        "region": given(&machine.region),
        "zone": given(&machine.zone),
        "server": given(&machine.size),
        "os": given(&machine.os),
        "disk_type": given(&machine.disk_type),
        "ssh_user": given(&machine.ssh_user),
        "ssh_port": machine.ssh_port,
    });
    // The provider is that of the stored cloud.
    let cloud = serde_json::json!({"provider": "stored"});
    let domain = given(&machine.domain);
    let body = serde_json::json!({"stack": {}, "server": server, "cloud": cloud, "commonDomain": domain});
    domain::cloud::DeployBody::parse(&body)
        .map_err(|errors| stacker::services::DeploymentError::Invalid { errors })
}
