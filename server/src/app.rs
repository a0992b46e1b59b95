//! The composition root: settings in, running server out.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context as _;
use stacker::{
    config::Settings,
    connectors::{
        broker::{self, Broker, RabbitMq},
        callback::CallbackClient,
        cloud_api::CloudApiClient,
        docker_hub::docker_hub,
        marketplace_webhook::marketplace_webhook,
        oauth::{UserLookup, identity_provider, user_lookup},
        registry::registry,
        user_service::user_service,
        vault::vault_store,
    },
    context::Context,
    database::Database,
    db::PendingMigrations,
    jobs::Jobs,
    services::{KeyRefresh, KeyRingSource, ServiceJwts, ServiceParts, Services, open_key_ring},
};
use tokio::net::TcpListener;

use crate::{
    consumers::ProgressConsumer,
    http::Origin,
    local_agent::LocalAgent,
    middleware::rate_limit::Limiter,
    openapi::route_table,
    routes,
    serve::{HEAD_MAY_TAKE, serve},
    shutdown::{CONNECTIONS_MAY_TAKE, JOBS_MAY_TAKE, REQUESTS_MAY_TAKE, Shutdown},
    state::{AppState, Parts},
};

/// What the server needs in addition to the settings.
pub struct Startup {
    pub migrations: PendingMigrations,
    pub context: Context,
    /// Where the files for the browser are.
    pub leptos: leptos::config::LeptosOptions,
}

pub struct Application {
    listener: TcpListener,
    address: SocketAddr,
    router: axum::Router,
    state: AppState,
    database: Database,
    local_agent: Option<LocalAgent>,
    /// The connection on which deployments are published. `None`: no broker is configured.
    broker: Option<Arc<RabbitMq>>,
    /// What the install service reports.
    progress: Option<ProgressConsumer>,
}

impl Application {
    /// Returns every start-up error. After an error, nothing is left running.
    pub async fn build(settings: &Settings, startup: Startup) -> anyhow::Result<Self> {
        for sentence in &settings.without_effect {
            tracing::warn!("the configuration has no effect here: {sentence}");
        }
        let (listener, address) = listen(settings).await?;
        let origin = origin(settings, address)?;
        let users = settings
            .access
            .auth_url
            .clone()
            .map(user_lookup)
            .transpose()
            .context("preparing to ask `auth_url`")?;

        let service_jwts = settings.service_jwt.as_ref().map(ServiceJwts::open).transpose()?;
        let vault = vault_store(settings)?;
        let broker = broker::broker(settings, &startup.context);
        let consumer = broker::consumer(settings, &startup.context);
        let cloud_api = CloudApiClient::new(settings.connectors.cloud_api.clone())
            .context("preparing to ask cloud providers")?;
        let registry = registry(settings).context("preparing to ask registries")?;
        let docker_hub = docker_hub(settings)?;
        let callback_sender =
            CallbackClient::of(&settings.callbacks).context("preparing to send callbacks")?;
        let user_service = user_service(settings)?;
        let marketplace_webhook = marketplace_webhook(settings)?;
        let provider = identity_provider(settings, &startup.context).context("preparing to ask `oauth`")?;

        let source = KeyRingSource::of(settings)?;
        let refresh = KeyRefresh::new(source.clone(), &startup.context);

        let database = Database::open(settings, startup.migrations).await?;
        let opened = open_key_ring(&database.pool, &source, &startup.context, Some(&refresh)).await;
        let keyring = match opened {
            Ok(keyring) => keyring,
            Err(error) => {
                database.close(CONNECTIONS_MAY_TAKE).await;
                return Err(error);
            }
        };
        let services = Services::new(ServiceParts {
            pool: database.pool.clone(),
            settings,
            keyring,
            context: startup.context,
            vault,
            broker: broker.clone().map(|broker| broker as Arc<dyn Broker>),
            consumer: consumer.clone(),
            cloud_api: Arc::new(cloud_api),
            registry,
            docker_hub,
            callback_sender: Arc::new(callback_sender),
            user_service,
            marketplace_webhook,
            provider,
            key_refresh: Some(refresh),
        });
        if let Err(error) = services.load_rest_rules().await {
            database.close(CONNECTIONS_MAY_TAKE).await;
            return Err(error.into());
        }
        services.reached_at(&origin.to_string());
        let local_agent = Origin::of_listener(address)
            .and_then(|origin| LocalAgent::new(settings, services.clone(), origin.to_string()));
        let progress = consumer.map(|consumer| ProgressConsumer::new(consumer, services.clone()));
        let state = state(settings, services, users, service_jwts, startup.leptos, origin);
        match routes::router(state.clone()) {
            Ok(router) => {
                Ok(Self { listener, address, router, state, database, local_agent, broker, progress })
            }
            Err(error) => {
                database.close(CONNECTIONS_MAY_TAKE).await;
                Err(error.into())
            }
        }
    }

    /// The port that the server listens on; it differs from the settings when they have port 0.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The listening address as an origin that browsers can use.
    pub fn listening(&self) -> Option<Origin> {
        Origin::of_listener(self.address)
    }

    /// A one-time sign-in link, when there is no other way to sign in.
    pub async fn sign_in_link(&self) -> anyhow::Result<Option<String>> {
        if !self.state.services.signs_in_by_link() {
            return Ok(None);
        }
        let code = self.state.services.sign_in().create_link_code().await?;
        Ok(Some(self.state.origin.sign_in_link(&code)))
    }

    /// Stops the server before it has served any request.
    pub async fn abandon(self) {
        self.database.close(CONNECTIONS_MAY_TAKE).await;
    }

    /// Serves until told to stop; then finishes what is open, within the deadlines of [`crate::shutdown`].
    pub async fn run_until_stopped(self, shutdown: Shutdown) {
        let Shutdown { stop, hurry } = shutdown;
        let jobs = Jobs::start(self.state.services.clone());
        let serving = serve(self.listener, self.router, stop.clone(), HEAD_MAY_TAKE);
        let local_agent = self.local_agent.map(|agent| tokio::spawn(agent.run(stop.clone())));
        let progress = self.progress.map(|progress| tokio::spawn(progress.run(stop.clone())));
        let too_late = async {
            stop.cancelled().await;
            jobs.stopping();
            tokio::select! {
                () = tokio::time::sleep(REQUESTS_MAY_TAKE) => {}
                () = hurry.cancelled() => {}
            }
        };

        tokio::select! {
            () = serving => {}
            () = too_late => tracing::warn!("open requests are cut off"),
        }
        // The agent stops together with the server. If its last report comes too late, the agent sends it again next time.
        if let Some(agent) = local_agent
            && agent.await.is_err()
        {
            tracing::warn!("the agent of this machine ended badly");
        }
        if let Some(progress) = progress
            && progress.await.is_err()
        {
            tracing::warn!("the consumer of progress messages ended badly");
        }
        if tokio::time::timeout(JOBS_MAY_TAKE, jobs.finish()).await.is_err() {
            tracing::warn!("jobs were still busy and are cut off");
        }
        if let Some(broker) = self.broker {
            broker.close().await;
        }
        self.database.close(CONNECTIONS_MAY_TAKE).await;
    }
}

async fn listen(settings: &Settings) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let (host, port) = (settings.server.host.as_str(), settings.server.port);
    let listener = TcpListener::bind((host, port)).await.with_context(|| {
        format!("cannot listen on {host}:{port} (app_host, app_port): is another server running there?")
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn origin(settings: &Settings, address: SocketAddr) -> anyhow::Result<Origin> {
    let configured = settings.server.public_url.as_ref().and_then(|url| Origin::parse(url.as_str()));
    configured
        .or_else(|| Origin::of_listener(address))
        .context("the address of this server cannot be written as a URL")
}

/// Tells use cases which routes the REST API offers, for programs that do not serve.
pub fn offer_routes(settings: &Settings, services: &Services) {
    let leptos = leptos::config::LeptosOptions::builder().output_name("stacker").build();
    if let Some(origin) = Origin::parse("http://127.0.0.1") {
        let state = state(settings, services.clone(), None, None, leptos, origin);
        services.offers(route_table(&routes::document(&state)));
    }
}

fn state(
    settings: &Settings,
    services: Services,
    users: Option<Arc<dyn UserLookup>>,
    service_jwts: Option<ServiceJwts>,
    leptos: leptos::config::LeptosOptions,
    origin: Origin,
) -> AppState {
    AppState::new(Parts {
        services,
        users,
        service_jwts,
        rates: Limiter::new(&settings.rate_limits),
        trusted_proxies: settings.server.trusted_proxies.clone(),
        cors: settings.cors.clone(),
        limits: settings.limits.clone(),
        poll_timeout: settings.agents.poll_timeout,
        leptos,
        origin,
        reloads: std::env::var_os("LEPTOS_WATCH").is_some(),
    })
}
