"""What leaves the house with a supplement draft: the application form as page and PDF, and the support packet."""
