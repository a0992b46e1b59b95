//! The deployments of the builder's project: which of them is shown, and what is about to be deployed.

use domain::api::DeploymentSummary;
use leptos::prelude::*;

use crate::deployment::{Wish, live::Live};

/// The deployments of the project, as far as the builder needs them.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The deployments that have not ended. Loaded after hydration, and again after each new deployment.
    pub deployments: RwSignal<Vec<DeploymentSummary>>,
    /// The hash of the deployment that the canvas shows; `None`: the canvas shows only the design.
    pub shown: RwSignal<Option<String>>,
    /// The live state of the shown deployment.
    pub live: RwSignal<Option<RwSignal<Live>>>,
    /// The service whose output is shown below the canvas.
    pub logs_of: RwSignal<Option<String>>,
    /// Whether the deploy dialog is open.
    pub deploying: RwSignal<bool>,
    /// What to plan, and the name of the host; `None` until a host is chosen.
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

    /// Opens the deploy dialog: with the plan for `wish` or, without one, with the choice of a host.
    pub fn deploy(self, wish: Option<(Wish, String)>) {
        self.wish.set(wish);
        self.deploying.set(true);
    }
}
