//! What to do about an agent that has joined and was not seen since then.

use domain::api::{AgentPlace, SetupWay};
use leptos::prelude::*;

use crate::components::CopyLine;

#[component]
pub(super) fn NotRunning(
    /// As the agent said it; `None`: an agent that does not say it.
    place: Option<AgentPlace>,
) -> impl IntoView {
    let command =
        place.as_ref().map_or_else(|| SetupWay::System.keep_running(true), AgentPlace::start_command);
    let how = match place {
        Some(AgentPlace { systemd: false, .. }) => {
            "Its agent has not been started. There is no systemd on the host, so the agent runs in a terminal. As the user who joined, run:".into_any()
        }
        Some(AgentPlace { as_root: true, .. }) => {
            "Its agent has not been started. Run this in a root shell on the host:".into_any()
        }
        Some(_) => "Its agent has not been started. Run this on the host, as the user who joined:".into_any(),
        None => view! {
            "Its agent has not been started. Run this in a root shell on the host, with the data folder of the join. Without systemd, run "
            <code class="font-mono">"stacker agent run"</code>
            " instead:"
        }
        .into_any(),
    };
    view! {
        <div class="flex flex-col gap-2" data-testid="not-running">
            <p>{how}</p>
            <CopyLine label="The command that starts the agent" text=command />
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn shown(place: Option<AgentPlace>) -> String {
        Owner::new().with(|| view! { <NotRunning place /> }.to_html())
    }

    #[test]
    fn a_host_without_systemd_is_not_told_to_use_it() {
        let folder = Some("/root/stacker-agent".to_owned());
        let html = shown(Some(AgentPlace { as_root: true, folder, ..AgentPlace::default() }));
        assert!(html.contains("stacker agent run --data-dir /root/stacker-agent"), "{html}");
        assert!(!html.contains("systemctl"), "{html}");
        assert!(shown(None).contains("systemctl"), "an agent that does not say it may have systemd");
    }
}
