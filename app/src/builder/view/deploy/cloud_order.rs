//! Deploying to a cloud: which machine to create, what that means, and the confirmation.

use domain::cloud::{OfferedCloud, Offers, Size, provider_name};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    builder::state::session::use_session,
    components::{Button, Callout, Icon, Look, MarkedText, Select, Sign, TextInput, Tone},
    deployment::words::counted,
    rpc::clouds::{MachineForm, cloud_offers, deploy_to_cloud},
};

#[component]
pub fn CloudOrder(
    cloud: OfferedCloud,
    /// Back to the choice of targets.
    back: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let operation = session.operation;
    let (project, id) = (session.project, cloud.id);
    let provider = provider_name(&cloud.provider).to_owned();
    let offers = RwSignal::new(None::<Offers>);
    let machine = RwSignal::new(MachineForm::default());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let services = session.document.picture.with_untracked(|picture| picture.nodes.len());
    Effect::new(move || {
        spawn_local(async move {
            // Without an answer the fields are free texts, as the install service takes them.
            offers.try_set(Some(cloud_offers(project, id).await.unwrap_or_default()));
        });
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        problem.set(None);
        let wanted = machine.get_untracked();
        spawn_local(async move {
            match deploy_to_cloud(project, id, wanted).await {
                Ok(made) => {
                    operation.deploying.try_set(false);
                    operation.shown.try_set(Some(made.deployment_hash));
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let price = {
        let provider = provider.clone();
        Memo::new(move |_| {
            let price = offers.with(|offers| price_of(offers.as_ref()?, &machine.get()));
            price.map(|price| format!("{provider} reports {price} a month for this size, without taxes."))
        })
    };
    let summary = {
        let (provider, name) = (provider.clone(), cloud.name.clone());
        move || {
            let machine = machine.get();
            let or_default =
                |text: &str, what: &str| if text.is_empty() { what.to_owned() } else { text.to_owned() };
            vec![
                format!("One machine at {provider}, with the key “{name}”"),
                format!(
                    "Region {}, size {}, system {}",
                    or_default(&machine.region, "chosen by the install service"),
                    or_default(&machine.size, "chosen by the install service"),
                    or_default(&machine.os, "chosen by the install service"),
                ),
                format!("{} of this stack on it", counted(services, "service", "services")),
            ]
        }
    };
    let costs =
        format!("{provider} bills the owner of “{}” for the machine until it is deleted there.", cloud.name);
    view! {
        <form class="flex flex-col gap-4" on:submit=send data-testid="cloud-order">
            <div class="flex items-center gap-2">
                <p class="min-w-0 flex-1 text-muted wrap-anywhere">{format!("In the cloud “{}” ({provider})", cloud.name)}</p>
                <button type="button" class="text-muted underline" on:click=move |_| back.run(())>
                    "Choose another target"
                </button>
            </div>
            {(!cloud.has_secrets)
                .then(|| {
                    view! {
                        <Callout tone=Tone::Error title="This cloud stores no key">
                            "Add the key under Clouds first, then deploy."
                        </Callout>
                    }
                })}
            {move || match offers.get() {
                None => view! { <p role="status" class="text-muted">"Asking the provider what it offers…"</p> }.into_any(),
                Some(offers) => view! { <MachineFields offers machine /> }.into_any(),
            }}
            <section class="rounded-panel p-3 hairline" aria-label="What will be created" data-testid="cloud-plan">
                <h3 class="font-medium">"What will be created"</h3>
                <ul class="mt-1 list-disc pl-5">
                    {move || summary().into_iter().map(|line| view! { <li class="wrap-anywhere">{line}</li> }).collect_view()}
                </ul>
                {move || price.get().map(|price| view! { <p class="mt-2">{price}</p> })}
                <p class="mt-2 flex gap-2 text-muted">
                    <span class="text-warn">
                        <Icon sign=Sign::Warning />
                    </span>
                    {costs}
                </p>
            </section>
            {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title="Nothing was created"><MarkedText text=why /></Callout> })}
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending attr:data-testid="cloud-deploy">
                    {move || if sending.get() { "Sending…" } else { "Create the machine and deploy" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn MachineFields(offers: Offers, machine: RwSignal<MachineForm>) -> impl IntoView {
    let regions = offers
        .regions
        .iter()
        .map(|region| (region.code.clone(), format!("{} ({})", region.label, region.code)));
    let images = offers.images.iter().map(|image| (image.code.clone(), image.label.clone()));
    let (regions, images) = (choices(regions), choices(images));
    let sizes = offers.sizes;
    view! {
        <div class="grid gap-4 sm:grid-cols-2">
            <Choice id="region" label="Region" options=regions get=|form| &form.region set=|form, text| form.region = text machine />
            {move || {
                let region = machine.with(|machine| machine.region.clone());
                let offered = sizes.iter().filter(|size| is_in(size, &region));
                let options = choices(offered.map(|size| (size.code.clone(), described(size, &region))));
                view! { <Choice id="size" label="Size" options get=|form| &form.size set=|form, text| form.size = text machine /> }
            }}
            <Choice id="os" label="Operating system" options=images get=|form| &form.os set=|form, text| form.os = text machine />
            <Text id="domain" label="Domain" placeholder="shop.example.com" get=|form| &form.domain set=|form, text| form.domain = text machine />
        </div>
        <details>
            <summary class="cursor-pointer text-muted">"Zone, disk and SSH"</summary>
            <div class="mt-3 grid gap-4 sm:grid-cols-2">
                <Text id="zone" label="Zone" placeholder="" get=|form| &form.zone set=|form, text| form.zone = text machine />
                <Text id="disk" label="Disk type" placeholder="" get=|form| &form.disk_type set=|form, text| form.disk_type = text machine />
                <Text id="ssh-user" label="SSH user" placeholder="root" get=|form| &form.ssh_user set=|form, text| form.ssh_user = text machine />
                <TextInput
                    id="machine-ssh-port"
                    label="SSH port"
                    placeholder="22"
                    pattern="[0-9]{1,5}"
                    bind=Signal::derive(move || machine.with(|form| form.ssh_port.map(|port| port.to_string()).unwrap_or_default()))
                    on_input=Callback::new(move |text: String| machine.update(|form| form.ssh_port = text.parse().ok()))
                />
            </div>
        </details>
    }
    .into_any()
}

/// A choice of what the provider offers; a free text where it has not said.
#[component]
fn Choice(
    id: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    get: fn(&MachineForm) -> &String,
    set: fn(&mut MachineForm, String),
    machine: RwSignal<MachineForm>,
) -> impl IntoView {
    if options.len() <= 1 {
        return view! { <Text id label placeholder="" get set machine /> }.into_any();
    }
    view! {
        <Select
            id=format!("machine-{id}")
            label
            options
            value=Signal::derive(move || machine.with(|form| get(form).clone()))
            on_change=Callback::new(move |text| machine.update(|form| set(form, text)))
        />
    }
    .into_any()
}

#[component]
fn Text(
    id: &'static str,
    label: &'static str,
    placeholder: &'static str,
    get: fn(&MachineForm) -> &String,
    set: fn(&mut MachineForm, String),
    machine: RwSignal<MachineForm>,
) -> impl IntoView {
    view! {
        <TextInput
            id=format!("machine-{id}")
            label
            placeholder
            max_length=100
            bind=Signal::derive(move || machine.with(|form| get(form).clone()))
            on_input=Callback::new(move |text| machine.update(|form| set(form, text)))
        />
    }
    .into_any()
}

/// With a first choice that leaves it to the install service.
fn choices(offered: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), "Let the install service choose".to_owned())).chain(offered).collect()
}

fn is_in(size: &Size, region: &str) -> bool {
    region.is_empty() || size.regions.is_empty() || size.regions.iter().any(|code| code == region)
}

fn described(size: &Size, region: &str) -> String {
    let memory = if size.memory_mib.is_multiple_of(1024) {
        format!("{} GiB", size.memory_mib / 1024)
    } else {
        format!("{} MiB", size.memory_mib)
    };
    let facts = format!("{}: {} CPU, {memory}, {} GB disk", size.code, size.cpus, size.disk_gib);
    match price(size, region) {
        Some(price) => format!("{facts}, {price}"),
        None => facts,
    }
}

fn price(size: &Size, region: &str) -> Option<String> {
    let price = size.price_in(region)?;
    Some(match &price.currency {
        Some(currency) => format!("{} {currency}", price.amount),
        None => price.amount.clone(),
    })
}

fn price_of(offers: &Offers, machine: &MachineForm) -> Option<String> {
    let size = offers.sizes.iter().find(|size| size.code == machine.size)?;
    price(size, &machine.region)
}
