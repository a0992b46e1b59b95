//! Shows a plan: what deploying would change.

use domain::deploy::{Blocker, Plan, PlannedPort, PlannedVolume, ServiceAction, ServicePlan, VolumeAction};
use leptos::prelude::*;

use crate::{
    components::{Badge, Icon, MarkedText, Sign, Tone},
    deployment::words,
};

const HEADING: &str = "text-caption font-medium text-muted";

#[component]
pub fn PlanView(plan: Plan) -> impl IntoView {
    let summary = summary(&plan);
    let Plan { services, ports, volumes, pulls, refused, warnings } = plan;
    view! {
        <div class="flex flex-col gap-4" data-testid="plan">
            <p class="font-medium" data-testid="plan-summary">{summary}</p>
            {refused.into_iter().map(refusal).collect_view()}
            <ul class="flex flex-col rounded-panel hairline" aria-label="Services">
                {services.into_iter().map(service).collect_view()}
            </ul>
            {section("Notes", warnings.into_iter().map(|warning| view! { <span>{warning}</span> }.into_any()).collect())}
            {section("Ports on the host", ports.into_iter().map(port).collect())}
            {section("Volumes", volumes.into_iter().map(volume).collect())}
            {section("Images to pull", pulls.into_iter().map(|image| mono(image).into_any()).collect())}
        </div>
    }
    .into_any()
}

/// "1 to create, 2 unchanged".
fn summary(plan: &Plan) -> String {
    let count = |action| plan.services.iter().filter(|service| service.action == action).count();
    let parts: Vec<String> = [
        (ServiceAction::Create, "to create"),
        (ServiceAction::Recreate, "to recreate"),
        (ServiceAction::Remove, "to remove"),
        (ServiceAction::Unchanged, "unchanged"),
    ]
    .into_iter()
    .map(|(action, word)| (count(action), word))
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    match (plan.changes_nothing(), parts.is_empty()) {
        (_, true) => "This stack has no services.".to_owned(),
        (true, _) => "No changes: the host already runs exactly this.".to_owned(),
        _ => format!("Services: {}.", parts.join(", ")),
    }
}

fn section(title: &'static str, rows: Vec<AnyView>) -> Option<impl IntoView> {
    (!rows.is_empty()).then(|| {
        view! {
            <div class="flex flex-col gap-1">
                <h3 class=HEADING>{title}</h3>
                <ul class="flex flex-col gap-1">{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}</ul>
            </div>
        }
    })
}

fn service(planned: ServicePlan) -> impl IntoView {
    let (sign, word) = words::of_action(planned.action);
    let testid = format!("plan-{}", planned.service);
    let ink = match planned.action {
        ServiceAction::Create => "text-ok",
        ServiceAction::Recreate => "text-busy",
        ServiceAction::Remove => "text-warn",
        ServiceAction::Unchanged => "text-off",
    };
    view! {
        <li class="flex gap-3 border-t border-line px-3 py-2 first:border-t-0" data-testid=testid>
            <span class=format!("flex w-24 shrink-0 items-center gap-1.5 self-start {ink}")>
                <Icon sign size=14 />
                <span>{word}</span>
            </span>
            <div class="min-w-0 flex-1 wrap-anywhere">
                <p class="font-medium">{planned.service}</p>
                {planned.image.map(mono)}
                {planned.reasons.into_iter().map(|reason| view! { <p class="text-muted"><MarkedText text=reason /></p> }).collect_view()}
            </div>
        </li>
    }
}

fn mono(text: String) -> impl IntoView {
    view! { <p class="font-mono text-caption wrap-anywhere text-muted">{text}</p> }
}

fn port(port: PlannedPort) -> AnyView {
    let address = match port.host_ip {
        Some(ip) => format!("{ip}:{}/{}", port.port, port.protocol),
        None => format!("{}/{}", port.port, port.protocol),
    };
    let (tone, word) = match port.taken_by {
        Some(who) => (Tone::Error, format!("taken by {who}")),
        None => (Tone::Ok, "free".to_owned()),
    };
    view! {
        <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge mono=true>{address}</Badge>
            <span class="text-muted">{port.service}</span>
            <span class=format!("inline-flex items-center gap-1 {}", tone.ink())>
                <Icon sign=tone.sign() size=14 />
                {word}
            </span>
        </div>
    }
    .into_any()
}

fn volume(volume: PlannedVolume) -> AnyView {
    let sign = if volume.action == VolumeAction::Create { Sign::Plus } else { Sign::Lock };
    view! {
        <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge mono=true>{volume.name}</Badge>
            <span class="inline-flex items-center gap-1 text-muted">
                <Icon sign size=14 />
                {words::of_volume(volume.action)}
            </span>
        </div>
    }
    .into_any()
}

fn refusal(refused: Blocker) -> impl IntoView {
    let who = refused.service.map_or_else(
        || "The host refuses this".to_owned(),
        |service| format!("The host refuses `{service}`"),
    );
    view! {
        <div role="alert" class="flex gap-2.5 rounded-panel p-3 hairline" data-testid="plan-refused">
            <span class="text-error">
                <Icon sign=Sign::Lock />
            </span>
            <div class="min-w-0 flex-1 wrap-anywhere">
                <p class="font-medium"><MarkedText text=who /></p>
                <p class="text-muted"><MarkedText text=refused.message /></p>
                <p class="mt-1 text-caption text-muted">
                    "Rule " <code class="font-mono">{refused.rule}</code> " of " <code class="font-mono">"/etc/stacker/policy.yaml"</code>
                    " on the host"
                </p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(actions: &[ServiceAction]) -> Plan {
        let services = actions
            .iter()
            .map(|action| ServicePlan {
                service: "web".to_owned(),
                action: *action,
                reasons: Vec::new(),
                image: None,
            })
            .collect();
        Plan { services, ..Plan::default() }
    }

    #[test]
    fn a_plan_is_summed_up_in_one_line() {
        let changing = plan(&[ServiceAction::Unchanged, ServiceAction::Create, ServiceAction::Recreate]);
        assert_eq!(summary(&changing), "Services: 1 to create, 1 to recreate, 1 unchanged.");
        assert_eq!(
            summary(&plan(&[ServiceAction::Unchanged])),
            "No changes: the host already runs exactly this."
        );
    }
}
