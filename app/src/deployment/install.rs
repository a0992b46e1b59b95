//! What the install service does for a deployment to a cloud: step, percent, elapsed time, the last lines.

use domain::{
    api::{InstallLine, InstallState},
    deploy::DeploymentStatus,
};
use leptos::prelude::*;

use super::{live::Live, words};
use crate::components::{Age, Callout, Icon, Tone, elapsed, use_now};

/// Shown for deployments that go through the install service.
#[component]
pub fn InstallPanel(live: RwSignal<Live>) -> impl IntoView {
    let there = live.with_untracked(|live| live.detail.summary.install.is_some());
    there.then(|| view! { <Panel live /> })
}

#[component]
fn Panel(live: RwSignal<Live>) -> impl IntoView {
    let now = use_now();
    let status = Memo::new(move |_| live.with(|live| live.detail.summary.status));
    let state = Memo::new(move |_| live.with(|live| live.detail.summary.install.clone().unwrap_or_default()));
    let lines = Memo::new(move |_| live.with(|live| live.detail.install_lines.clone()));
    let is_over = Memo::new(move |_| is_over(status.get()));
    let (began, provider) = live.with_untracked(|live| {
        let summary = &live.detail.summary;
        (summary.created_at, words::provider_of(summary))
    });
    let time = move || {
        let end = if is_over.get() {
            live.try_with(|live| Some(live.detail.summary.updated_at)).flatten()
        } else {
            now.try_get().flatten()
        };
        end.map(|end| elapsed(end - began)).unwrap_or_default()
    };
    let tone = move || match status.get() {
        DeploymentStatus::Completed => Tone::Ok,
        DeploymentStatus::Failed | DeploymentStatus::Error => Tone::Error,
        DeploymentStatus::Cancelled | DeploymentStatus::Removed => Tone::Neutral,
        DeploymentStatus::Paused => Tone::Warn,
        _ => Tone::Busy,
    };
    view! {
        <section class="flex flex-col gap-3 rounded-panel bg-panel p-4 hairline" aria-label="Install service" data-testid="install">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span class=move || tone().ink()>
                    {move || view! { <Icon sign=tone().sign() /> }}
                </span>
                <h2 class="min-w-0 flex-1 text-lead font-semibold wrap-anywhere">
                    {move || title(status.get(), &state.get())}
                </h2>
                <span class="tabular text-muted" aria-hidden="true">
                    {time}
                </span>
            </div>
            {move || waiting(&state.get())}
            {move || {
                let percent = state.with(|state| state.progress);
                percent
                    .map(|percent| {
                        view! {
                            <div class="flex items-center gap-3">
                                <progress class="h-2 w-full" max="100" value=percent aria-label="Progress of the installation"></progress>
                                <span class="tabular w-12 text-right" data-testid="install-percent">
                                    {format!("{percent} %")}
                                </span>
                            </div>
                        }
                    })
            }}
            {move || {
                state
                    .with(|state| state.message.clone())
                    .map(|message| {
                        view! {
                            <p class="wrap-anywhere whitespace-pre-wrap" role="status" data-testid="install-message">
                                {message}
                            </p>
                        }
                    })
            }}
            {move || {
                let lines = lines.get();
                (lines.len() > 1)
                    .then(|| {
                        view! {
                            <details>
                                <summary class="cursor-pointer text-muted">
                                    {format!("Last {}", words::counted(lines.len(), "line", "lines"))}
                                </summary>
                                <ol class="mt-2 flex flex-col gap-1 font-mono text-caption">
                                    {lines.into_iter().map(line).collect_view()}
                                </ol>
                            </details>
                        }
                    })
            }}
            <dl class="flex flex-wrap gap-x-6 gap-y-1 text-caption">
                {move || {
                    state
                        .with(address)
                        .map(|address| {
                            view! {
                                <div class="flex gap-2">
                                    <dt class="text-muted">"Address of the machine"</dt>
                                    <dd class="font-mono select-all" data-testid="install-address">
                                        {address}
                                    </dd>
                                </div>
                            }
                        })
                }}
                <div class="flex gap-2">
                    <dt class="text-muted">"Billed by"</dt>
                    <dd>{provider}</dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

fn is_over(status: DeploymentStatus) -> bool {
    matches!(
        status,
        DeploymentStatus::Completed
            | DeploymentStatus::Failed
            | DeploymentStatus::Error
            | DeploymentStatus::Cancelled
            | DeploymentStatus::Removed
    )
}

fn title(status: DeploymentStatus, state: &InstallState) -> &'static str {
    match status {
        DeploymentStatus::Pending if state.waiting_since.is_some() => "Waiting for the message broker",
        DeploymentStatus::Pending => "Sent to the install service",
        DeploymentStatus::Completed => "The machine runs the stack",
        DeploymentStatus::Failed | DeploymentStatus::Error => "The installation failed",
        DeploymentStatus::Cancelled => "The installation was cancelled",
        DeploymentStatus::Removed => "Removed here",
        DeploymentStatus::Paused => "The installation is paused",
        _ => "The install service is working",
    }
}

fn waiting(state: &InstallState) -> Option<impl IntoView + use<>> {
    let since = state.waiting_since?;
    Some(view! {
        <Callout tone=Tone::Warn title="The message broker can't be reached">
            "The deployment has waited since " <Age at=since />
            ". It is sent as soon as the broker answers; nothing is lost."
        </Callout>
    })
}

fn address(state: &InstallState) -> Option<String> {
    let address = state.srv_ip.clone()?;
    Some(match state.ssh_port {
        Some(port) => format!("{address} (SSH on port {port})"),
        None => address,
    })
}

fn line(line: InstallLine) -> impl IntoView {
    let percent = line.progress.map(|percent| format!("{percent} % ")).unwrap_or_default();
    view! {
        <li class="wrap-anywhere">
            <span class="text-muted">{percent}</span>
            {line.message}
        </li>
    }
}
