"""The releases book: what an OpenSSL release is known to do, exactly."""
