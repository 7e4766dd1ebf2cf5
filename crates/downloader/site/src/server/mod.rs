//! The server: listeners, and what they share.

mod body;
mod broken;
mod catalogue;
mod clock;
mod compressed;
mod connection;
mod cut;
mod disposition;
mod encoding;
mod listener;
mod options;
mod page;
mod query;
mod range;
mod router;
mod script;
mod statistics;
mod status;
mod text;
mod tls;

pub use options::Options;
pub use query::Tail;

use std::io::{Read, Write};
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use clock::Clock;
use encoding::Encoded;
use listener::Listener;
use statistics::Statistics;
use text::Text;

/// What all connections share.
pub(crate) struct Site {
    pub(crate) options: Options,
    pub(crate) text: Arc<Text>,
    pub(crate) clock: Clock,
    pub(crate) encoded: Encoded,
    pub(crate) statistics: Arc<Statistics>,
}

impl Site {
    fn new(options: &Options) -> Self {
        Self {
            options: options.clone(),
            text: Arc::new(Text::new(options.seed)),
            clock: Clock::start(),
            encoded: Encoded::default(),
            statistics: Arc::default(),
        }
    }
}

/// Serves until Ctrl-C, or until stdin ends if that was asked for.
///
/// The first line on stdout says where: `listening on http://127.0.0.1:PORT`, and with TLS
/// `listening on http://127.0.0.1:PORT and https://127.0.0.1:PORT, authority in FILE`.
///
/// # Errors
/// If a port is taken, the authority cannot be written, or stdout is closed.
pub fn run(options: &Options) -> Result<()> {
    listener::allow_many_connections();
    let ended = options.until_stdin_closes.then(stdin_ends);
    runtime(options.threads)?.block_on(async {
        let site = Arc::new(Site::new(options));
        let plain = Listener::bind("--port", options.port)?;
        let address = plain.address()?;
        let mut ready = format!("listening on http://{address}");
        let mut authority = None;
        if options.tls {
            let secure = Listener::bind("--tls-port", options.tls_port)?;
            let secure_address = secure.address()?;
            let made = tls::Authority::make(options.ca_out.as_deref())?;
            ready += &format!(
                " and https://{secure_address}, authority in {}",
                made.file().display()
            );
            tokio::spawn(secure.serve_tls(made.acceptor(), Arc::clone(&site)));
            authority = Some(made);
        }
        tokio::spawn(plain.serve(site));
        say(&ready).context("cannot write where the site listens to stdout")?;
        if !options.quiet {
            eprintln!("{}", catalogue::examples(&format!("http://{address}")));
        }
        let end = wait_for_end(ended).await;
        drop(authority);
        end
    })
}

/// One thread is served best by a runtime that knows of no others: it never wakes itself by a system call.
fn runtime(threads: u16) -> Result<Runtime> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if threads > 1 {
        builder.worker_threads(threads.into());
    }
    builder
        .enable_all()
        .build()
        .context("cannot start the threads that serve")
}

fn say(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

async fn wait_for_end(stdin: Option<oneshot::Receiver<()>>) -> Result<()> {
    let stdin = async {
        match stdin {
            // Also when the sender is dropped: the thread that watched is gone, and so is the lifeline.
            Some(ended) => drop(ended.await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = stdin => Ok(()),
        interrupt = tokio::signal::ctrl_c() => interrupt.context("cannot wait for Ctrl-C"),
    }
}

/// Ends when stdin does, whatever came in until then.
fn stdin_ends() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut unheard = [0; 1024];
        let mut stdin = std::io::stdin().lock();
        while stdin.read(&mut unheard).is_ok_and(|count| count > 0) {}
        // Nobody to tell any more: it ends already.
        let _ = sender.send(());
    });
    receiver
}
