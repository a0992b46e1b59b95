//! What the builder knows about the deployments of its project: which of them is shown, and what is about to be deployed.

use domain::api::DeploymentSummary;
use leptos::prelude::*;

use crate::deployment::{Wish, live::Live};

/// What the builder knows of the deployments of its project.
#[derive(Clone, Copy)]
pub struct Operation {
    /// Those that have not ended; asked for once the page runs, and again when one is made.
    pub deployments: RwSignal<Vec<DeploymentSummary>>,
    /// Which of them is shown on the canvas; `None`: the design alone.
    pub shown: RwSignal<Option<String>>,
    /// That one, as it is now.
    pub live: RwSignal<Option<RwSignal<Live>>>,
    /// The service whose output is shown below the canvas.
    pub logs_of: RwSignal<Option<String>>,
    /// Whether the deploy dialog is open.
    pub deploying: RwSignal<bool>,
    /// What is to be planned, and on which host; `None`: that is still to be chosen.
    pub wish: RwSignal<Option<(Wish, String)>>,
}

impl Operation {
    pub fn new() -> Self {
        Self {
            deployments: RwSignal::new(Vec::new()),
            shown: RwSignal::new(None),
            live: RwSignal::new(None),
            logs_of: RwSignal::new(None),
            deploying: RwSignal::new(false),
            wish: RwSignal::new(None),
        }
    }

    /// Opens the dialog with a plan for what is shown, or with the choice of a host.
    pub fn deploy(self, wish: Option<(Wish, String)>) {
        self.wish.set(wish);
        self.deploying.set(true);
    }
}

pub fn host_of(deployment: &DeploymentSummary) -> String {
    deployment.host.as_ref().map_or_else(|| "an agent of its own".to_owned(), |host| host.name.clone())
}
