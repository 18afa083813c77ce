"""What the public pages show: announcements, policies, downloads, complaints."""
