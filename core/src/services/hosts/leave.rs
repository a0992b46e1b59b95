//! A host that leaves: its owner undoes the joining on the host itself (`stacker agent leave`).

use std::net::IpAddr;

use domain::{
    access::{Caller, Role},
    api::LeaveHost,
};

use super::{HostError, Hosts, LiveDeployments, revoke::end_host};
use crate::{db::agents::hosts, services::agents::KnownAgent};

impl Hosts {
    /// Ends the host of this agent, as if its owner had revoked it. `address` is that of the request.
    pub async fn leave(
        &self,
        agent: &KnownAgent,
        request: LeaveHost,
        address: Option<IpAddr>,
    ) -> Result<(), HostError> {
        let id = agent.host_id.ok_or(HostError::Forbidden)?;
        let live = if request.force { LiveDeployments::Cancel } else { LiveDeployments::Refuse };
        let mut transaction = self.core.pool.begin().await?;
        let gone = HostError::NotFound("host");
        let Some(owner) = hosts::owner(&mut transaction, id).await? else { return Err(gone) };
        let Some(name) = hosts::lock(&mut transaction, id, &owner).await? else { return Err(gone) };
        // A program with the agent's token can run commands on the host anyway: it acts for the host's owner.
        let caller = Caller { address, ..Caller::new(&owner, Role::GroupUser, &owner, None) };
        end_host(&mut transaction, &self.core, (id, &name), live, &caller, "host.left").await?;
        transaction.commit().await?;
        Ok(())
    }
}
