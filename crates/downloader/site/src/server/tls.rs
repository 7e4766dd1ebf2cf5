//! A throw-away authority, and the certificate that it signs for loopback.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// What the certificate is good for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// An authority that lives as long as the site.
pub(crate) struct Authority {
    file: PathBuf,
    /// Nobody asked for the file by name, so it goes with the site.
    temporary: bool,
    acceptor: TlsAcceptor,
}

impl Authority {
    /// Writes the authority's certificate to `file`, or to a temporary one.
    pub(crate) fn make(file: Option<&Path>) -> Result<Self> {
        let (authority, pem) = authority().context("cannot make an authority")?;
        let config = server_config(&authority).context("cannot make a certificate")?;
        let temporary =
            || std::env::temp_dir().join(format!("downloader-site-{}.pem", std::process::id()));
        let path = file.map_or_else(temporary, Path::to_owned);
        std::fs::write(&path, pem)
            .with_context(|| format!("cannot write the authority to {}", path.display()))?;
        Ok(Self {
            file: path,
            temporary: file.is_none(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_file(&self.file)
        {
            eprintln!("cannot remove {}: {error}", self.file.display());
        }
    }
}

/// The authority, and its certificate as PEM.
fn authority() -> Result<(Issuer<'static, KeyPair>, String)> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(
        DnType::CommonName,
        "throw-away authority of downloader-site",
    );
    let key = KeyPair::generate()?;
    let pem = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), pem))
}

fn server_config(authority: &Issuer<'_, KeyPair>) -> Result<ServerConfig> {
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    params.use_authority_key_identifier_extension = true;
    params.key_usages.push(KeyUsagePurpose::DigitalSignature);
    params
        .extended_key_usages
        .push(ExtendedKeyUsagePurpose::ServerAuth);
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key.into())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
