//! The HTTP client.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, Client};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::error::DownloadError;
use crate::settings::Settings;

/// Connections that nobody has used for so long are closed.
const IDLE: Duration = Duration::from_secs(30);

/// A client with connections of its own.
pub(crate) fn client(settings: &Settings) -> Result<Client, DownloadError> {
    // Somebody was quicker: it is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("downloader/", env!("CARGO_PKG_VERSION")))
        .referer(false)
        .connect_timeout(settings.timeout)
        // Not `timeout`, which cuts off what is slow but alive.
        .read_timeout(settings.timeout)
        .pool_idle_timeout(IDLE)
        .redirect(redirects(settings.redirects));
    if !settings.proxies {
        builder = builder.no_proxy();
    }
    builder = match &settings.authorities {
        Some(pem) => builder.tls_certs_only(authorities(pem)?),
        None => builder.tls_backend_preconfigured(trusting_the_system()?),
    };
    builder.build().map_err(|error| tls(&error))
}

/// The certificates in a PEM file; at least one.
pub(crate) fn authorities(pem: &[u8]) -> Result<Vec<Certificate>, DownloadError> {
    let certificates = Certificate::from_pem_bundle(pem).map_err(|error| tls(&error))?;
    if certificates.is_empty() {
        return Err(DownloadError::Tls("no certificate in the PEM file".into()));
    }
    Ok(certificates)
}

fn redirects(most: usize) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| {
        if attempt.previous().len() > most {
            return attempt.error(format!("redirected more than {most} times"));
        }
        match attempt.url().scheme() {
            "http" | "https" => attempt.follow(),
            scheme => {
                let text = format!("redirected to a `{scheme}:` URL, which is not followed");
                attempt.error(text)
            }
        }
    })
}

/// Trusts whom the system trusts, but asks the system only when the first certificate is to be verified: that
/// takes longer than it takes to fetch a page without TLS, and every client would do it.
fn trusting_the_system() -> Result<ClientConfig, DownloadError> {
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| tls(&error))?;
    Ok(config
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OnDemand))
        .with_no_client_auth())
}

/// The system's verifier, made when it is first needed; one for all clients.
#[derive(Debug)]
struct OnDemand;

static SYSTEM: LazyLock<Result<Verifier, rustls::Error>> = LazyLock::new(|| {
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    Verifier::new(provider)
});

impl OnDemand {
    fn verifier() -> Result<&'static Verifier, rustls::Error> {
        SYSTEM.as_ref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for OnDemand {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Self::verifier()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Self::verifier()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Self::verifier()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // Asked for at every handshake's beginning, before there is any certificate.
        rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn tls(error: &dyn std::error::Error) -> DownloadError {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    DownloadError::Tls(last.to_string())
}
