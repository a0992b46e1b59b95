//! The server program.

use std::{io::Write as _, path::Path, process::ExitCode, thread::available_parallelism};

use anyhow::Context as _;
use clap::Parser;
use mimalloc::MiMalloc;
use server::{
    app::{Application, Startup},
    banner,
    shutdown::Shutdown,
    web,
};
use stacker::{
    config::{Settings, Sources},
    context::Context,
    db::PendingMigrations,
    telemetry,
};

/// A waiting agent is many small allocations that another thread frees. The system's allocator keeps more memory for them and takes
/// longer: `bench/dispatch.mjs` shows both. Only here: a console command ends before it matters.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// With fewer worker threads, rendering pages can deadlock (leptos#4578).
const MIN_WORKERS: usize = 4;

/// Serves pages and the REST API. Settings come from configuration.yaml and the environment.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Refuse to start when migrations are pending, instead of applying them
    #[arg(long)]
    no_migrate: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One clear message: the error and its causes.
            let told = writeln!(std::io::stderr().lock(), "error: {error:#}");
            if told.is_err() {
                tracing::error!("stderr is closed");
            }
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: &Arguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(available_parallelism().map_or(MIN_WORKERS, |cores| cores.get().max(MIN_WORKERS)))
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(run(arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    banner::print_name()?;
    let settings = Settings::load(&Sources::ambient(Path::new("."))?)?;
    let _log = telemetry::init(&settings.log)?;
    banner::print_configuration_loaded()?;
    // Only one TLS provider is compiled in, but it must still be installed as the default explicitly.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed already");
    }

    // Listens for signals before anything starts, so that a signal during start-up is not lost.
    let shutdown = Shutdown::on_signals().context("listening for signals")?;
    let startup = Startup {
        migrations: if arguments.no_migrate { PendingMigrations::Refuse } else { PendingMigrations::Apply },
        context: Context::of_the_machine(),
        leptos: web::leptos_options(),
    };
    let application = Application::build(&settings, startup).await?;
    match announce(&application).await {
        Ok(()) => {
            application.run_until_stopped(shutdown).await;
            Ok(())
        }
        Err(error) => {
            application.abandon().await;
            Err(error)
        }
    }
}

async fn announce(application: &Application) -> anyhow::Result<()> {
    let listening = application.listening().context("the listening address cannot be written as a URL")?;
    let link = application.sign_in_link().await?;
    banner::print_ready(&application.state().origin, &listening, link.as_deref())?;
    Ok(())
}
